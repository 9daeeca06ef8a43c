import type { Which } from '#contract/vector-store.ts';
import { type FilterWords, filterIn } from '../remote/filter.ts';
import { fieldOf, storable } from '../remote/names.ts';

/** A condition or filter as Qdrant writes it. */
type Condition = Readonly<Record<string, unknown>>;

/** The fields every point is filtered by, with an index each. `is_tenant` lays the points of one tenant beside each other. */
export const OWN_FIELDS: Readonly<Record<string, object>> = {
  tenant: { type: 'keyword', is_tenant: true },
  store: { type: 'keyword' },
  file: { type: 'keyword' },
  modality: { type: 'keyword' },
};

/** The index for an attribute’s field, by the first letter of its name. */
export function indexFor(field: string): object {
  return { type: field.startsWith('s') ? 'keyword' : field.startsWith('n') ? 'float' : 'bool' };
}

/** The filter for the items that count. */
export function filterOf(which: Which): Condition {
  const must: Condition[] = [match('tenant', storable(which.tenant))];
  if (which.store !== undefined) must.push(match('store', storable(which.store)));
  if (which.file !== undefined) must.push(match('file', storable(which.file)));
  if (which.modality !== undefined) must.push(match('modality', which.modality));
  if (which.filter !== undefined) must.push(filterIn(which.filter, WORDS));
  return { must };
}

const match = (key: string, value: string | boolean): Condition => ({ key, match: { value } });
/** No point is one of none. */
const NOTHING: Condition = { has_id: [] };

const WORDS: FilterWords<Condition> = {
  // match knows no numbers with a fraction; a range of one number does.
  equals: (key, value) =>
    typeof value === 'number'
      ? { key: fieldOf(key, value), range: { gte: value, lte: value } }
      : match(fieldOf(key, value), typeof value === 'string' ? storable(value) : value),
  compares: (key, how, value) => ({ key: fieldOf(key, value), range: { [how]: value } }),
  oneOf(key, values) {
    const texts = values.filter((value) => typeof value === 'string');
    const numbers = values.filter((value) => typeof value === 'number');
    const should: Condition[] = numbers.map((value) => WORDS.equals(key, value));
    if (texts.length > 0) should.push({ key: fieldOf(key, ''), match: { any: texts.map(storable) } });
    return WORDS.some(should);
  },
  not: (condition) => ({ must_not: [condition] }),
  all: (conditions) => (conditions.length === 0 ? { must_not: [NOTHING] } : { must: conditions }),
  some: (conditions) => (conditions.length === 0 ? NOTHING : { should: conditions }),
};
