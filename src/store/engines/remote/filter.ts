import { SensoriumError } from '#contract/error.ts';
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

const DEEPEST = 16;
const MOST_CONDITIONS = 512;
const MOST_VALUES = 4_096;

/**
 * A filter in an engine's words. `ne` and `nin` are the plain negations of `eq` and `in`, so they hold for an item without the
 * attribute; a comparison holds between numbers only. Throws `store.bad-filter` for what no engine could answer in bounded time.
 */
export function filterIn<T>(filter: AttributeFilter, words: FilterWords<T>): T {
  let conditions = 0;
  const told = (part: AttributeFilter, depth: number): T => {
    conditions += 1;
    if (depth > DEEPEST || conditions > MOST_CONDITIONS) {
      throw badFilter(`It is deeper than ${DEEPEST} levels or has more than ${MOST_CONDITIONS} conditions.`);
    }
    switch (part.type) {
      case 'and':
        return words.all(part.filters.map((one) => told(one, depth + 1)));
      case 'or':
        return words.some(part.filters.map((one) => told(one, depth + 1)));
      case 'eq':
        return words.equals(part.key, known(part.value));
      case 'ne':
        return words.not(words.equals(part.key, known(part.value)));
      case 'in':
        return words.oneOf(part.key, listed(part.value));
      case 'nin':
        return words.not(words.oneOf(part.key, listed(part.value)));
      case 'gt':
      case 'gte':
      case 'lt':
      case 'lte':
        if (typeof part.value !== 'number') throw badFilter(`${part.type} compares numbers only.`);
        return words.compares(part.key, part.type, known(part.value));
      default:
        throw badFilter('It has a condition of an unknown type.');
    }
  };
  return told(filter, 0);
}

function listed(values: readonly (string | number)[]): readonly (string | number)[] {
  if (!Array.isArray(values) || values.length > MOST_VALUES) {
    throw badFilter(`in and nin want a list of at most ${MOST_VALUES} values.`);
  }
  for (const value of values) known(value);
  return values;
}

function known<T extends Attribute>(value: T): T {
  const plain = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  if (!plain) throw badFilter('A value is text, a finite number, true or false.');
  return value;
}

function badFilter(why: string): SensoriumError {
  return new SensoriumError('store.bad-filter', `The filter cannot be used. ${why}`, {
    hint: 'Conditions are eq, ne, gt, gte, lt, lte, in and nin on an attribute; and, or join them.',
  });
}
