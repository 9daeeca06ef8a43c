import type { Attribute, AttributeFilter, Which } from '#contract/vector-store.ts';
import type { SqliteValue } from '#runtime/sqlite.ts';
import { labelOf } from '../../label.ts';

/** A condition on rows of `items`, and what stands for its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

/** What counts, as a condition; `labels` is the table of the space's attributes. */
export function conditionOf({ tenant, store, file, modality, filter }: Which, labels: string): Condition {
  const columns = Object.entries({ tenant, store, file, modality }).flatMap(([column, value]) =>
    value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }],
  );
  return joined('AND', filter ? [...columns, filterOf(filter, labels)] : columns);
}

function filterOf(filter: AttributeFilter, labels: string): Condition {
  if ('filters' in filter) {
    const parts = filter.filters.map((inner) => filterOf(inner, labels));
    return filter.type === 'and' ? joined('AND', parts) : joined('OR', parts);
  }
  const { type, key } = filter;
  if (type === 'eq') return having(labels, key, [filter.value]);
  if (type === 'in') return having(labels, key, filter.value);
  if (type === 'ne') return not(having(labels, key, [filter.value]));
  if (type === 'nin') return not(having(labels, key, filter.value));
  const sign = { gt: '>', gte: '>=', lt: '<', lte: '<=' }[type];
  const sql = `rowid IN (SELECT item FROM ${labels} WHERE key = ? AND number ${sign} ?)`;
  return { sql, values: [key, Number(filter.value)] };
}

function having(labels: string, key: string, values: readonly Attribute[]): Condition {
  const marks = values.map(() => '?').join(', ');
  const sql = `rowid IN (SELECT item FROM ${labels} WHERE label IN (${marks}))`;
  return { sql, values: values.map((value) => labelOf(key, value)) };
}

function not({ sql, values }: Condition): Condition {
  return { sql: `NOT ${sql}`, values };
}

function joined(word: 'AND' | 'OR', parts: readonly Condition[]): Condition {
  if (parts.length === 0) return { sql: word === 'AND' ? '1' : '0', values: [] };
  return { sql: `(${parts.map(({ sql }) => sql).join(` ${word} `)})`, values: parts.flatMap(({ values }) => values) };
}
