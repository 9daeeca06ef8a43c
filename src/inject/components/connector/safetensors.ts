import { unusable } from '../vectors.ts';

/**
 * A strict reader and a writer of safetensors (github.com/huggingface/safetensors: 8 bytes of length, a JSON head, the numbers), for
 * float32 and int32 alone. Every size is checked against the bytes that are there before anything is made of them.
 */

export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** Our own files name a handful of tensors. */
const MAX_HEAD_BYTES = 100_000;
const MAX_TENSORS = 64;

/** The bytes of a file with these tensors, in their order. */
export function writeSafetensors(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  let offset = 0;
  const head: Record<string, { dtype: string; shape: readonly number[]; data_offsets: [number, number] }> = {};
  for (const [name, { shape, values }] of tensors) {
    const end = offset + values.byteLength;
    head[name] = { dtype: values instanceof Float32Array ? 'F32' : 'I32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = JSON.stringify(head);
  // The numbers begin at a multiple of 8.
  const headBytes = Buffer.from(json.padEnd(Math.ceil(Buffer.byteLength(json) / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(headBytes.length));
  const data = [...tensors.values()].map(({ values }) => Buffer.from(littleEndian(values)));
  return Buffer.concat([length, headBytes, ...data]);
}

/** The tensors of a file. `name` is what errors call it. Throws `inject.component-unusable`. */
export function readSafetensors(bytes: Uint8Array, name: string): ReadonlyMap<string, Tensor> {
  const broken = (why: string) => unusable(name, `its weights are broken: ${why}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw broken('the file is cut');
  const headBytes = Number(view.getBigUint64(0, true));
  if (headBytes > MAX_HEAD_BYTES || headBytes > bytes.length - 8)
    throw broken(`its head would have ${headBytes} bytes`);
  const entries = headOf(bytes.subarray(8, 8 + headBytes));
  if (entries === null || entries.length > MAX_TENSORS) throw broken('its head is no list of tensors');
  const tensors = new Map<string, Tensor>();
  const start = 8 + headBytes;
  let expected = 0;
  for (const [tensor, about] of entries) {
    const { dtype, shape, data_offsets: offsets } = about ?? {};
    if (dtype !== 'F32' && dtype !== 'I32') throw broken(`${tensor} is stored as ${String(dtype)}`);
    if (!isCounts(shape) || shape.length > 4 || !isCounts(offsets) || offsets.length !== 2)
      throw broken(`${tensor} has no shape`);
    const [from = 0, to = 0] = offsets;
    const count = shape.reduce((all, side) => all * side, 1);
    if (from !== expected || to - from !== count * 4 || to > bytes.length - start)
      throw broken(`${tensor} does not fit`);
    expected = to;
    const values = dtype === 'F32' ? new Float32Array(count) : new Int32Array(count);
    for (let at = 0; at < count; at++) {
      const place = start + from + at * 4;
      values[at] = dtype === 'F32' ? view.getFloat32(place, true) : view.getInt32(place, true);
    }
    tensors.set(tensor, { shape, values });
  }
  if (expected !== bytes.length - start) throw broken('there are bytes behind its last tensor');
  return tensors;
}

type About = { readonly dtype?: unknown; readonly shape?: unknown; readonly data_offsets?: unknown } | null;

function headOf(bytes: Uint8Array): [string, About][] | null {
  try {
    const head: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof head !== 'object' || head === null || Array.isArray(head)) return null;
    return Object.entries(head).filter(([name]) => name !== '__metadata__');
  } catch {
    return null;
  }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}

function littleEndian(values: Float32Array | Int32Array): ArrayBuffer {
  const bytes = new ArrayBuffer(values.length * 4);
  const view = new DataView(bytes);
  values.forEach((value, at) => {
    if (values instanceof Float32Array) view.setFloat32(at * 4, value, true);
    else view.setInt32(at * 4, value, true);
  });
  return bytes;
}
