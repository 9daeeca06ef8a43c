import type { Attribute, AttributeFilter } from '#contract/vector-store.ts';

/** How an engine says each kind of condition. `T` is a condition in its language. */
export interface FilterWords<T> {
  equals(key: string, value: Attribute): T;
  compares(key: string, how: 'gt' | 'gte' | 'lt' | 'lte', value: number): T;
  oneOf(key: string, values: readonly (string | number)[]): T;
  not(condition: T): T;
  /** Of none: holds for every item. */
  all(conditions: readonly T[]): T;
  /** Of none: holds for no item. */
  some(conditions: readonly T[]): T;
}

/**
 * A filter in an engine's words; it was checked before. `ne` and `nin` are the plain negations of `eq` and `in`, so they hold for an
 * item without the attribute; a comparison holds between numbers only.
 */
export function filterIn<T>(filter: AttributeFilter, words: FilterWords<T>): T {
  switch (filter.type) {
    case 'and':
      return words.all(filter.filters.map((one) => filterIn(one, words)));
    case 'or':
      return words.some(filter.filters.map((one) => filterIn(one, words)));
    case 'eq':
      return words.equals(filter.key, filter.value);
    case 'ne':
      return words.not(words.equals(filter.key, filter.value));
    case 'in':
      return words.oneOf(filter.key, filter.value);
    case 'nin':
      return words.not(words.oneOf(filter.key, filter.value));
    default:
      return words.compares(filter.key, filter.type, Number(filter.value));
  }
}
