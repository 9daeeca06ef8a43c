import type { Attribute, StoredItem, Which } from '#contract/vector-store.ts';
import { type FilterWords, filterIn } from '../remote/filter.ts';
import { fieldOf, hashed } from '../remote/names.ts';

/**
 * The columns an item is filtered by. What is compared as text goes in and into expressions as its hash: 32 hexadecimal digits cannot
 * end a string, and have one length. `marks` holds one hash for each attribute with its value, since that a mark is missing is a plain no,
 * while what Milvus makes of a missing key of JSON under `not` differs by version. `numbers` is for comparisons.
 */
export function columnsOf(item: StoredItem): Readonly<Record<string, unknown>> {
  const entries = Object.entries(item.attributes);
  return {
    key: hashed(item.id),
    tenant: hashed(item.tenant),
    store: hashed(item.store),
    file: hashed(item.file),
    modality: item.modality,
    marks: entries.map(([key, value]) => markOf(key, value)),
    numbers: Object.fromEntries(
      entries.flatMap(([key, value]) => (typeof value === 'number' ? [[fieldOf(key, value), value]] : [])),
    ),
  };
}

/** The expression for the items that count. */
export function expressionOf(which: Which): string {
  const conditions = [`tenant == "${hashed(which.tenant)}"`];
  if (which.store !== undefined) conditions.push(`store == "${hashed(which.store)}"`);
  if (which.file !== undefined) conditions.push(`file == "${hashed(which.file)}"`);
  if (which.modality !== undefined) conditions.push(`modality == "${which.modality.replaceAll(/\W/g, '')}"`);
  if (which.filter !== undefined) conditions.push(filterIn(which.filter, WORDS));
  return conditions.join(' and ');
}

const EVERY = 'tenant != ""';
const NONE = 'tenant == ""';
const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

const WORDS: FilterWords<string> = {
  equals: (key, value) => `array_contains(marks, "${markOf(key, value)}")`,
  // Never negated: only eq and in are.
  compares: (key, how, value) => `numbers["${fieldOf(key, value)}"] ${SIGNS[how]} ${numeral(value)}`,
  oneOf: (key, values) =>
    values.length === 0
      ? NONE
      : `array_contains_any(marks, [${values.map((value) => `"${markOf(key, value)}"`).join(', ')}])`,
  not: (condition) => `(not (${condition}))`,
  all: (conditions) => (conditions.length === 0 ? EVERY : `(${conditions.join(' and ')})`),
  some: (conditions) => (conditions.length === 0 ? NONE : `(${conditions.join(' or ')})`),
};

/** A finite number without an exponent, which not every parser of expressions knows. */
function numeral(value: number): string {
  const text = String(value);
  return /e/.test(text) ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 100 }) : text;
}

function markOf(key: string, value: Attribute): string {
  return hashed(`${fieldOf(key, value)}=${value}`);
}
