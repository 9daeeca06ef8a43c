import type { StoredItem } from '#contract/vector-store.ts';
import type { ArrowSchema, ArrowTable, LancePackages } from '#runtime/lancedb.ts';
import { labelOf } from '../../label.ts';

/** What is read back of an item. The other columns are the vector and what filters ask. */
export const ITEM_COLUMNS = [
  'id',
  'tenant',
  'store',
  'file',
  'modality',
  'sha256',
  'surrogate',
  'from_ms',
  'to_ms',
  'attributes',
] as const;

/** The columns of a space's table. `attributes` is JSON; `labels`, `number_keys` and `numbers` are the same again in a form that can be asked. */
export function schemaOf({ arrow }: LancePackages, dimensions: number): ArrowSchema {
  const { Field, FixedSizeList, Float32, Float64, List, Schema, Utf8 } = arrow;
  const text = (name: string) => new Field(name, new Utf8(), false);
  const list = (name: string, type: InstanceType<typeof Utf8 | typeof Float64>) =>
    new Field(name, new List(new Field('item', type, true)), false);
  return new Schema([
    ...['id', 'tenant', 'store', 'file', 'modality', 'sha256', 'surrogate'].map(text),
    new Field('from_ms', new Float64(), true),
    new Field('to_ms', new Float64(), true),
    text('attributes'),
    list('labels', new Utf8()),
    list('number_keys', new Utf8()),
    list('numbers', new Float64()),
    new Field('vector', new FixedSizeList(dimensions, new Field('item', new Float32(), true)), false),
  ]);
}

/** Items and their vectors as a table. The numbers of the vectors are copied as they lie: one by one they would take four times as long. */
export function tableOf(
  { lance, arrow }: LancePackages,
  schema: ArrowSchema,
  entries: readonly { readonly item: StoredItem; readonly vector: Float32Array }[],
): ArrowTable {
  const rows = entries.map(({ item }) => rowOf(item));
  const rest = lance.makeArrowTable(rows, { schema: new arrow.Schema(schema.fields.slice(0, -1)) });
  const dimensions = entries[0]?.vector.length ?? 0;
  const values = new Float32Array(dimensions * entries.length);
  for (const [at, { vector }] of entries.entries()) values.set(vector, at * dimensions);
  const numbers = arrow.makeData({ type: new arrow.Float32(), length: values.length, nullCount: 0, data: values });
  const type = new arrow.FixedSizeList(dimensions, new arrow.Field('item', numbers.type, true));
  const vectors = arrow.makeData({ type, length: entries.length, nullCount: 0, child: numbers });
  const children = [...(rest.batches[0]?.data.children ?? []), vectors];
  const struct = arrow.makeData({
    type: new arrow.Struct(schema.fields),
    length: entries.length,
    nullCount: 0,
    children,
  });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, struct)]);
}

/** An item as a row without its vector. */
export function rowOf(item: StoredItem): Record<string, unknown> {
  const { fromMs, toMs, attributes, ...rest } = item;
  const entries = Object.entries(attributes);
  const numbers = entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return {
    ...rest,
    from_ms: fromMs,
    to_ms: toMs,
    attributes: JSON.stringify(attributes),
    labels: entries.map(([key, value]) => labelOf(key, value)),
    number_keys: numbers.map(([key]) => key),
    numbers: numbers.map(([, value]) => value),
  };
}

/** A row as the item it was. */
export function itemOf(row: Record<string, unknown>): StoredItem {
  const { id, tenant, store, file, modality, sha256, surrogate, from_ms, to_ms, attributes } = row as unknown as Row;
  return {
    id,
    tenant,
    store,
    file,
    modality,
    sha256,
    surrogate,
    fromMs: from_ms,
    toMs: to_ms,
    attributes: JSON.parse(attributes) as StoredItem['attributes'],
  };
}

interface Row extends Omit<StoredItem, 'fromMs' | 'toMs' | 'attributes'> {
  readonly from_ms: number | null;
  readonly to_ms: number | null;
  readonly attributes: string;
}
