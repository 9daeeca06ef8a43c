import type { Which } from '#contract/vector-store.ts';
import { type FilterWords, filterIn } from '../remote/filter.ts';
import { storable } from '../remote/names.ts';

/** Values of a statement, each named by the place it is put in. */
export class Values {
  readonly list: unknown[] = [];
  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** The condition for the items that count. Everything from outside is a value, never part of the statement. */
export function whereOf(which: Which, values: Values): string {
  const conditions = [`tenant = ${values.add(storable(which.tenant))}`];
  if (which.store !== undefined) conditions.push(`store = ${values.add(storable(which.store))}`);
  if (which.file !== undefined) conditions.push(`file = ${values.add(storable(which.file))}`);
  if (which.modality !== undefined) conditions.push(`modality = ${values.add(which.modality)}`);
  if (which.filter !== undefined) conditions.push(filterIn(which.filter, sql(values)));
  return conditions.join(' and ');
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function sql(values: Values): FilterWords<string> {
  const json = (value: unknown) =>
    typeof value === 'string' ? JSON.stringify(storable(value)) : JSON.stringify(value);
  const attribute = (key: string) => `attributes -> ${values.add(storable(key))}::text`;
  return {
    // Containment can be answered from the index on attributes.
    equals: (key, value) => `attributes @> ${values.add(`{${JSON.stringify(storable(key))}:${json(value)}}`)}::jsonb`,
    compares(key, how, value) {
      const place = attribute(key);
      return `coalesce(jsonb_typeof(${place}) = 'number' and ${place} ${SIGNS[how]} ${values.add(json(value))}::jsonb, false)`;
    },
    oneOf: (key, list) => `coalesce(${attribute(key)} = any(${values.add(list.map(json))}::text[]::jsonb[]), false)`,
    not: (condition) => `not ${condition}`,
    all: (conditions) => (conditions.length === 0 ? 'true' : `(${conditions.join(' and ')})`),
    some: (conditions) => (conditions.length === 0 ? 'false' : `(${conditions.join(' or ')})`),
  };
}
