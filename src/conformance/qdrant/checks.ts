import { isObject } from '../self-hosted/checks.ts';
import { check, type Request } from '../server.ts';

type Json = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SCHEMAS = new Set(['keyword', 'integer', 'float', 'geo', 'text', 'bool', 'datetime', 'uuid']);

/** Only what the OpenAPI document has may be there: Qdrant refuses most bodies with anything else. */
function only(body: Json, names: readonly string[], what: string): void {
  for (const name of Object.keys(body)) check(names.includes(name), `${what}: ${name} is not known`);
}

/** How a write wants to be waited for. */
export function checkWrite({ query }: Request): void {
  for (const name of query.keys()) check(['wait', 'ordering', 'timeout'].includes(name), `query ${name}`);
  check(query.get('wait') === 'true', 'a write that is not waited for is not yet applied when it is answered');
  const ordering = query.get('ordering');
  check(ordering === null || ['weak', 'medium', 'strong'].includes(ordering), 'ordering');
}

/** `CreateCollection`, with one unnamed vector. */
export function checkCollection(body: Json): { size: number; metadata: unknown } {
  const { vectors, metadata } = body;
  only(
    body,
    ['vectors', 'metadata', 'replication_factor', 'write_consistency_factor', 'hnsw_config', 'optimizers_config'],
    'collection',
  );
  check(isObject(vectors), 'vectors');
  only(vectors, ['size', 'distance', 'on_disk', 'hnsw_config'], 'vectors');
  const { size } = vectors;
  check(Number.isInteger(size) && Number(size) >= 1 && Number(size) <= 65_536, 'size is 1 to 65536');
  check(['Cosine', 'Euclid', 'Dot', 'Manhattan'].includes(String(vectors.distance)), 'distance');
  check(metadata === undefined || isObject(metadata), 'metadata is an object');
  for (const factor of [body.replication_factor, body.write_consistency_factor]) {
    check(factor === undefined || (Number.isInteger(factor) && Number(factor) >= 1), 'a factor is 1 or more');
  }
  return { size: Number(size), metadata: metadata ?? null };
}

/** `CreateFieldIndex`. */
export function checkIndex(body: Json): { field: string; type: string } {
  only(body, ['field_name', 'field_schema'], 'index');
  const { field_name: field, field_schema: schema } = body;
  check(typeof field === 'string' && /^[\w.]+$/.test(field), 'field_name is a path');
  const type = isObject(schema) ? schema.type : schema;
  check(SCHEMAS.has(String(type)), 'field_schema');
  if (isObject(schema) && schema.is_tenant !== undefined) {
    check(type === 'keyword' || type === 'uuid', 'is_tenant is for keywords and UUIDs');
  }
  return { field, type: String(type) };
}

export interface Point {
  readonly id: string | number;
  readonly vector: readonly number[];
  readonly payload: Json;
}

/** `PointsList`, each vector of the collection’s size. */
export function checkPoints(body: Json, size: number): readonly Point[] {
  only(body, ['points'], 'points');
  check(Array.isArray(body.points) && body.points.length > 0, 'Empty update request');
  for (const point of body.points as Json[]) {
    only(point, ['id', 'vector', 'payload'], 'point');
    const { id } = point;
    check(UUID.test(String(id)) || (Number.isSafeInteger(id) && Number(id) >= 0), 'an id is a UUID or a whole number');
    checkVector(point.vector, size);
    check(isObject(point.payload), 'payload');
  }
  return body.points as Point[];
}

/** Numbers, as many as the collection’s vectors have. */
export function checkVector(vector: unknown, size: number): asserts vector is number[] {
  check(Array.isArray(vector) && vector.every((value) => Number.isFinite(value)), 'a vector is a list of numbers');
  check(vector.length === size, `Wrong input: Vector dimension error: expected dim: ${size}, got ${vector.length}`);
}

/** `QueryRequest` for the nearest of a vector. */
export function checkQuery(body: Json, size: number): void {
  only(body, ['query', 'filter', 'params', 'limit', 'offset', 'with_payload', 'with_vector'], 'query');
  checkVector(body.query, size);
  check(Number.isInteger(body.limit) && Number(body.limit) >= 1, 'limit is 1 or more');
  const { params = {} } = body;
  check(isObject(params), 'params');
  only(params, ['exact', 'hnsw_ef', 'indexed_only', 'quantization', 'acorn'], 'params');
  const { hnsw_ef: ef, exact } = params;
  check(ef === undefined || (Number.isInteger(ef) && Number(ef) >= 0), 'hnsw_ef');
  check(exact === undefined || typeof exact === 'boolean', 'exact');
  if (body.filter !== undefined) checkFilter(body.filter);
}

/** `Filter`, down to every condition. */
export function checkFilter(filter: unknown): asserts filter is Json {
  check(isObject(filter), 'a filter is an object');
  only(filter, ['must', 'should', 'must_not', 'min_should'], 'filter');
  for (const conditions of [filter.must, filter.should, filter.must_not]) {
    check(conditions === undefined || Array.isArray(conditions), 'conditions are a list');
    for (const condition of conditions ?? []) checkCondition(condition);
  }
}

function checkCondition(condition: unknown): void {
  check(isObject(condition), 'a condition is an object');
  if ('key' in condition) checkField(condition);
  else if ('has_id' in condition) {
    only(condition, ['has_id'], 'has_id');
    check(Array.isArray(condition.has_id), 'has_id is a list');
  } else checkFilter(condition);
}

function checkField(condition: Json): void {
  only(condition, ['key', 'match', 'range'], 'condition');
  check(typeof condition.key === 'string' && /^[\w.]+$/.test(condition.key), 'a key is a path');
  const { match, range } = condition;
  check((match === undefined) !== (range === undefined), 'a condition has a match or a range');
  if (isObject(match)) {
    only(match, ['value', 'any'], 'match');
    const values = 'any' in match ? match.any : [match.value];
    check(
      Array.isArray(values) && values.every((value) => isMatchable(value)),
      'match knows text, whole numbers and bools',
    );
  }
  if (isObject(range)) {
    only(range, ['gt', 'gte', 'lt', 'lte'], 'range');
    check(
      Object.values(range).every((value) => Number.isFinite(value)),
      'a range has numbers',
    );
  }
}

function isMatchable(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
}
