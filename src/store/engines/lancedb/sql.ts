import type { Attribute, AttributeFilter, Which } from '#contract/vector-store.ts';
import { labelOf } from '../../label.ts';

/** What counts, as a condition in DataFusion's SQL. */
export function conditionOf({ tenant, store, file, modality, filter }: Which): string {
  const columns = { tenant, store, file, modality };
  const parts = Object.entries(columns).flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} = ${literal(value)}`],
  );
  if (filter) parts.push(filterOf(filter));
  return parts.join(' AND ');
}

/**
 * Equality asks the list `labels`, which has an index; order asks the number that stands in `numbers` at the place where the key stands
 * in `number_keys`, and is null, so not true, for an item without it.
 */
function filterOf(filter: AttributeFilter): string {
  switch (filter.type) {
    case 'and':
      return filter.filters.length === 0 ? 'true' : `(${filter.filters.map(filterOf).join(' AND ')})`;
    case 'or':
      return filter.filters.length === 0 ? 'false' : `(${filter.filters.map(filterOf).join(' OR ')})`;
    case 'eq':
      return has(filter.key, [filter.value]);
    case 'ne':
      return `NOT ${has(filter.key, [filter.value])}`;
    case 'in':
      return has(filter.key, filter.value);
    case 'nin':
      return `NOT ${has(filter.key, filter.value)}`;
    default: {
      const place = `CAST(array_position(number_keys, ${literal(filter.key)}) AS BIGINT)`;
      const own = `array_element(numbers, ${place})`;
      const sign = { gt: '>', gte: '>=', lt: '<', lte: '<=' }[filter.type];
      return `coalesce(${own} ${sign} CAST('${filter.value}' AS DOUBLE), false)`;
    }
  }
}

function has(key: string, values: readonly Attribute[]): string {
  if (values.length === 0) return 'false';
  const words = values.map((value) => literal(labelOf(key, value)));
  if (words.length === 1) return `array_has(labels, ${words[0]})`;
  return `array_has_any(labels, [${words.join(', ')}])`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
