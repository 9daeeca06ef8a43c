import { SensoriumError } from '#contract/error.ts';
import type { Attribute, AttributeFilter, StoredItem, Which } from '#contract/vector-store.ts';

/** More would be a program and not a question. */
const LIMITS = { depth: 8, conditions: 64, values: 1_000 };

/** Checks a filter from outside. Throws `store.bad-filter`, saying what is wrong and where. */
export function checkFilter(filter: AttributeFilter): void {
  let conditions = 0;
  const check = (part: AttributeFilter, depth: number): void => {
    if (depth > LIMITS.depth) throw badFilter(`It is more than ${LIMITS.depth} levels deep.`);
    conditions += 1;
    if (conditions > LIMITS.conditions) throw badFilter(`It has more than ${LIMITS.conditions} conditions.`);
    if ('filters' in part) {
      for (const inner of part.filters) check(inner, depth + 1);
      return;
    }
    if (typeof part.key !== 'string' || part.key === '') throw badFilter('A condition names no attribute.');
    const { value } = part;
    if (typeof value === 'object') checkValues(part.key, value);
    else checkValue(part.type, part.key, value);
  };
  check(filter, 1);
}

function checkValues(key: string, values: readonly (string | number)[]): void {
  if (values.length > LIMITS.values) throw badFilter(`${key} is compared with more than ${LIMITS.values} values.`);
  for (const value of values) checkValue('eq', key, value);
}

function checkValue(type: string, key: string, value: Attribute): void {
  const kind = typeof value;
  if (kind === 'number' && !Number.isFinite(value)) throw badFilter(`${key} is compared with a number that is none.`);
  if (type !== 'eq' && type !== 'ne' && kind !== 'number')
    throw badFilter(`${type} compares numbers; ${key} is given a ${kind}.`);
}

function badFilter(message: string): SensoriumError {
  return new SensoriumError('store.bad-filter', `The filter cannot be used. ${message}`, {
    hint: 'Compare text, numbers and yes or no with eq, ne, in and nin, numbers also with gt, gte, lt and lte; join conditions with and, or.',
  });
}

/** Whether an item counts: what every engine's own query must come to. */
export function counts(item: StoredItem, which: Which): boolean {
  return (
    item.tenant === which.tenant &&
    (which.store === undefined || item.store === which.store) &&
    (which.file === undefined || item.file === which.file) &&
    (which.modality === undefined || item.modality === which.modality) &&
    (which.filter === undefined || holds(item.attributes, which.filter))
  );
}

function holds(attributes: StoredItem['attributes'], filter: AttributeFilter): boolean {
  if ('filters' in filter) {
    const each = (inner: AttributeFilter) => holds(attributes, inner);
    return filter.type === 'and' ? filter.filters.every(each) : filter.filters.some(each);
  }
  const own = Object.hasOwn(attributes, filter.key) ? attributes[filter.key] : undefined;
  if (filter.type === 'in') return filter.value.some((value) => value === own);
  if (filter.type === 'nin') return !filter.value.some((value) => value === own);
  if (filter.type === 'eq') return own === filter.value;
  if (filter.type === 'ne') return own !== filter.value;
  if (typeof own !== 'number' || typeof filter.value !== 'number') return false;
  if (filter.type === 'gt') return own > filter.value;
  if (filter.type === 'gte') return own >= filter.value;
  return filter.type === 'lt' ? own < filter.value : own <= filter.value;
}
