import { check } from '../server.ts';
import { parsed, type Row } from './expression.ts';
import { decoded } from './proto.ts';
import { checkFields, columnOf, type Field, paramOf, rowsIn, TYPES } from './rows.ts';

type Json = Readonly<Record<string, unknown>>;
type Params = Field['type_params'];

export interface Collection {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly key: string;
  readonly rows: Map<unknown, Row>;
  index: { readonly name: string; readonly field: string; readonly params: Params } | null;
  loaded: boolean;
}

/** What a call is given: its message, and every collection there is. */
type Call = (message: Json, collections: Map<string, Collection>) => object;

const OK = { error_code: 0, code: 0, reason: '' };
/** Milvus gives out so many rows at most. */
const MOST_ROWS = 16_384;

/** A refusal that Milvus puts in its answer. */
export class Refused extends Error {}

function collectionOf(message: Json, collections: Map<string, Collection>): Collection {
  const name = String(message.collection_name);
  const collection = collections.get(name);
  if (!collection) throw new Refused(`can't find collection[database=default][collection=${name}]`);
  return collection;
}

function loadedOf(message: Json, collections: Map<string, Collection>): Collection {
  const collection = collectionOf(message, collections);
  if (!collection.loaded) throw new Refused(`collection not loaded[collection=${collection.name}]`);
  check(message.consistency_level === 0, 'a read that is not Strong may miss what was acknowledged');
  return collection;
}

/** Each call with the message it takes and the one it gives. */
export const CALLS: Readonly<Record<string, readonly [takes: string, gives: string, call: Call]>> = {
  Connect: [
    'Named',
    'ConnectResponse',
    () => ({ status: OK, server_info: { build_tags: 'conformance' }, identifier: 1 }),
  ],
  HasCollection: [
    'Named',
    'BoolResponse',
    ({ collection_name: name }, collections) => ({ status: OK, value: collections.has(String(name)) }),
  ],
  CreateCollection: [
    'CreateCollectionRequest',
    'Status',
    (message, collections) => {
      const name = String(message.collection_name);
      check(/^[A-Za-z_]\w{0,254}$/.test(name), `the name of a collection: ${name}`);
      if (collections.has(name)) throw new Refused(`collection already exist[collection=${name}]`);
      check(message.consistency_level === 0, 'a collection that is not Strong');
      const fields = decoded('CollectionSchema', message.schema as Uint8Array).fields as readonly Field[];
      checkFields(fields);
      const key = fields.find((field) => field.is_primary_key)?.name ?? '';
      collections.set(name, { name, fields, key, rows: new Map(), index: null, loaded: false });
      return OK;
    },
  ],
  DescribeCollection: [
    'Named',
    'DescribeCollectionResponse',
    (message, collections) => {
      const { name, fields } = collectionOf(message, collections);
      const schema = { name, fields: fields.map((field, at) => ({ ...field, fieldID: 100 + at })) };
      return { status: OK, schema, collectionID: 1, collection_name: name };
    },
  ],
  CreateIndex: [
    'CreateIndexRequest',
    'Status',
    (message, collections) => {
      const collection = collectionOf(message, collections);
      const params = message.extra_params as Params;
      const [type, metric] = [paramOf(params, 'index_type'), paramOf(params, 'metric_type')];
      check(['HNSW', 'FLAT', 'AUTOINDEX'].includes(type ?? ''), `index_type ${type}`);
      check(['COSINE', 'IP', 'L2'].includes(metric ?? ''), `metric_type ${metric}`);
      const { M = 0, efConstruction = 0 } = JSON.parse(paramOf(params, 'params') ?? '{}');
      if (type === 'HNSW') check(M >= 2 && M <= 2_048 && efConstruction >= 1, 'M and efConstruction');
      collection.index = { name: String(message.index_name), field: String(message.field_name), params };
      return OK;
    },
  ],
  DescribeIndex: [
    'Named',
    'DescribeIndexResponse',
    (message, collections) => {
      const { index, rows } = collectionOf(message, collections);
      if (!index) return { status: { ...OK, error_code: 25, code: 700, reason: 'index not found' } };
      const state = { state: 3, indexed_rows: rows.size, total_rows: rows.size, pending_index_rows: 0 };
      return {
        status: OK,
        index_descriptions: [{ index_name: index.name, field_name: index.field, params: index.params, ...state }],
      };
    },
  ],
  LoadCollection: [
    'Named',
    'Status',
    (message, collections) => {
      const collection = collectionOf(message, collections);
      if (!collection.index)
        throw new Refused('there is no vector index on field: [vector], please create index firstly');
      collection.loaded = true;
      return OK;
    },
  ],
  GetLoadingProgress: [
    'GetLoadingProgressRequest',
    'GetLoadingProgressResponse',
    (message, collections) => ({ status: OK, progress: collectionOf(message, collections).loaded ? 100 : 0 }),
  ],
  Upsert: [
    'UpsertRequest',
    'MutationResult',
    (message, collections) => {
      const { fields, rows, key } = collectionOf(message, collections);
      const count = Number(message.num_rows);
      check(count >= 1, 'an upsert of nothing');
      const given = rowsIn(message.fields_data as Json[], count, fields);
      for (const row of given) rows.set(row[key], row);
      return { status: OK, IDs: { str_id: { data: given.map((row) => row[key]) } }, upsert_cnt: count };
    },
  ],
  Delete: [
    'DeleteRequest',
    'MutationResult',
    (message, collections) => {
      const { rows } = collectionOf(message, collections);
      const counts = parsed(String(message.expr));
      const gone = [...rows].filter(([, row]) => counts(row)).map(([id]) => id);
      for (const id of gone) rows.delete(id);
      return { status: OK, IDs: { str_id: { data: gone } }, delete_cnt: gone.length };
    },
  ],
  Query: [
    'QueryRequest',
    'QueryResults',
    (message, collections) => {
      const { rows, fields, key, name } = loadedOf(message, collections);
      const counts = parsed(String(message.expr));
      const found = [...rows.values()].filter((row) => counts(row));
      const wanted = message.output_fields as string[];
      if (wanted.includes('count(*)')) {
        const data = { type: 5, field_name: 'count(*)', scalars: { long_data: { data: [found.length] } } };
        return { status: OK, fields_data: [data], output_fields: wanted };
      }
      const limit = Number(paramOf(message.query_params as Params, 'limit'));
      check(limit >= 1 && limit <= MOST_ROWS, `limit ${limit}`);
      const columns = fields.filter((field) => wanted.includes(field.name) || field.name === key);
      const fields_data = columns.map((field) => columnOf(found.slice(0, limit), field));
      return { status: OK, fields_data, collection_name: name, output_fields: wanted, primary_field_name: key };
    },
  ],
  Search: ['SearchRequest', 'SearchResults', search],
  Flush: [
    'FlushRequest',
    'FlushResponse',
    ({ collection_names: names }) => ({
      status: OK,
      coll_segIDs: Object.fromEntries((names as string[]).map((name) => [name, { data: [1] }])),
    }),
  ],
  GetFlushState: ['Named', 'GetFlushStateResponse', () => ({ status: OK, flushed: true })],
};

function search(message: Json, collections: Map<string, Collection>): object {
  const { rows, fields, key, index, name } = loadedOf(message, collections);
  const params = message.search_params as Params;
  const anns = paramOf(params, 'anns_field') ?? '';
  const field = fields.find((one) => one.name === anns && one.data_type === TYPES.FloatVector);
  check(field && index, `anns_field ${anns}`);
  const most = Number(paramOf(params, 'topk'));
  check(most >= 1 && most <= MOST_ROWS, `topk ${most}`);
  check(
    paramOf(params, 'metric_type') === paramOf(index.params, 'metric_type'),
    'another metric_type than the index has',
  );
  const { ef } = JSON.parse(paramOf(params, 'params') ?? '{}');
  check(ef === undefined || (ef >= most && ef <= 32_768), `ef ${ef} is less than topk ${most}`);
  const { placeholders } = decoded('PlaceholderGroup', message.placeholder_group as Uint8Array) as {
    placeholders: Json[];
  };
  const [bytes] = (placeholders[0]?.values ?? []) as Uint8Array[];
  check(bytes && placeholders[0]?.type === TYPES.FloatVector, 'one vector of floats');
  const vector = Array.from({ length: bytes.length / 4 }, (_, at) => Buffer.from(bytes).readFloatLE(4 * at));
  check(vector.length === Number(paramOf(field.type_params, 'dim')), `a vector of ${vector.length} numbers`);
  const counts = parsed(String(message.dsl));
  const found = [...rows.values()]
    .filter((row) => counts(row))
    .map((row) => ({ row, score: cosine(row[anns] as number[], vector) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, most);
  const wanted = message.output_fields as string[];
  const shown = found.map(({ row }) => row);
  const results = {
    num_queries: 1,
    top_k: most,
    fields_data: fields.filter((one) => wanted.includes(one.name)).map((one) => columnOf(shown, one)),
    scores: found.map(({ score }) => score),
    ids: { str_id: { data: shown.map((row) => row[key]) } },
    topks: [found.length],
    output_fields: wanted,
    primary_field_name: key,
  };
  return { status: OK, results, collection_name: name };
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1);
}
