import { isObject } from '../self-hosted/checks.ts';
import { check } from '../server.ts';
import type { Row } from './expression.ts';

type Json = Readonly<Record<string, unknown>>;

/** `DataType` of schema.proto. */
export const TYPES = { VarChar: 21, Array: 22, JSON: 23, FloatVector: 101 } as const;

export interface Field {
  readonly name: string;
  readonly data_type: number;
  readonly element_type: number;
  readonly is_primary_key: boolean;
  readonly is_partition_key: boolean;
  readonly type_params: readonly { readonly key: string; readonly value: string }[];
}

export const paramOf = (params: Field['type_params'], key: string): string | undefined =>
  params.find((one) => one.key === key)?.value;
const numberOf = (field: Field, key: string) => Number(paramOf(field.type_params, key));

/** What Milvus wants of a schema: one key, lengths and dimensions within its limits. */
export function checkFields(fields: readonly Field[]): void {
  check(fields.filter((field) => field.is_primary_key).length === 1, 'one primary key');
  for (const field of fields) {
    const { name, data_type: type } = field;
    check(/^[A-Za-z_]\w{0,254}$/.test(name), `the name of a field: ${name}`);
    if (field.is_partition_key)
      check(type === TYPES.VarChar && !field.is_primary_key, 'a partition key is text, and not the primary key');
    if (type === TYPES.VarChar || type === TYPES.Array) {
      const most = numberOf(field, 'max_length');
      check(Number.isInteger(most) && most >= 1 && most <= 65_535, `max_length of ${name}`);
    }
    if (type === TYPES.Array) {
      const most = numberOf(field, 'max_capacity');
      check(field.element_type === TYPES.VarChar && most >= 1 && most <= 4_096, `elements of ${name}`);
    }
    if (type === TYPES.FloatVector) {
      const dim = numberOf(field, 'dim');
      check(Number.isInteger(dim) && dim >= 2 && dim <= 32_768, `dim of ${name}`);
    }
  }
}

/** The rows in the columns of an insert, each value within what its field may hold. */
export function rowsIn(columns: readonly Json[], count: number, fields: readonly Field[]): Row[] {
  const rows: Record<string, unknown>[] = Array.from({ length: count }, () => ({}));
  for (const field of fields) {
    const column = columns.find((one) => one.field_name === field.name);
    check(column, `a column for ${field.name}`);
    const values = valuesOf(column, field);
    check(values.length === count, `${values.length} values of ${field.name} for ${count} rows`);
    for (const [at, value] of values.entries()) {
      const row = rows[at];
      if (row) row[field.name] = value;
    }
  }
  return rows;
}

function valuesOf(column: Json, field: Field): unknown[] {
  const scalars = (column.scalars ?? {}) as Record<string, { data?: unknown[] }>;
  switch (field.data_type) {
    case TYPES.VarChar:
      return texts(scalars.string_data?.data ?? [], field);
    case TYPES.JSON:
      return (scalars.json_data?.data ?? []).map((bytes) => {
        const value: unknown = JSON.parse(Buffer.from(bytes as Uint8Array).toString('utf8'));
        check(isObject(value), 'JSON is an object');
        return value;
      });
    case TYPES.Array:
      return (scalars.array_data?.data ?? []).map((one) => {
        const elements = texts((one as { string_data?: { data?: unknown[] } }).string_data?.data ?? [], field);
        check(elements.length <= numberOf(field, 'max_capacity'), `${field.name} holds too many`);
        return elements;
      });
    default: {
      const { dim, float_vector: floats } = column.vectors as { dim: number; float_vector: { data: number[] } };
      check(dim === numberOf(field, 'dim') && floats.data.length % dim === 0, `dim ${dim}`);
      return Array.from({ length: floats.data.length / dim }, (_, at) => floats.data.slice(at * dim, (at + 1) * dim));
    }
  }
}

function texts(values: readonly unknown[], field: Field): string[] {
  const most = numberOf(field, 'max_length');
  for (const value of values)
    check(Buffer.byteLength(String(value)) <= most, `${field.name} is longer than ${most} bytes`);
  return values as string[];
}

/** A column of an answer. */
export function columnOf(rows: readonly Row[], field: Field): Json {
  const values = rows.map((row) => row[field.name]);
  const { name: field_name, data_type: type } = field;
  if (type === TYPES.FloatVector) {
    return { type, field_name, vectors: { dim: numberOf(field, 'dim'), float_vector: { data: values.flat() } } };
  }
  check(type === TYPES.VarChar, `${field_name} is not given out here`);
  return { type, field_name, scalars: { string_data: { data: values } } };
}
