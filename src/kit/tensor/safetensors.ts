import { NUMBER_BYTES, type NumberType, toFloat32 } from './number-type.ts';
import { badTensor } from './refusal.ts';
import { mustFit, type Rows, type TensorLimits } from './torch-file.ts';

const TYPES: ReadonlyMap<unknown, NumberType> = new Map([
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['F64', 'float64'],
]);
/** One tensor with its metadata; the format itself allows 100 MB. */
const MOST_HEAD_BYTES = 4_096;

/** Whether bytes can be safetensors: a length that fits, then a JSON object. */
export function looksLikeSafetensors(bytes: Buffer): boolean {
  return bytes.length > 9 && bytes[8] === 0x7b && bytes.readBigUInt64LE() <= BigInt(bytes.length - 8);
}

/**
 * Reads safetensors that hold one tensor of two axes (or three, the first of one row): 8 bytes of length, a JSON head, the numbers
 * (github.com/huggingface/safetensors). Throws `inject.bad-vectors` like `readTorchFile`.
 */
export function readSafetensors(bytes: Buffer, limits: TensorLimits): Rows {
  const headBytes = Number(bytes.readBigUInt64LE());
  if (headBytes > MOST_HEAD_BYTES || headBytes + 8 > bytes.length) throw odd('its head is too long');
  const { dtype, shape, data_offsets: offsets } = tensorIn(bytes.toString('utf8', 8, 8 + headBytes));
  const type = TYPES.get(dtype);
  if (type === undefined) throw odd('its numbers are not floating-point');
  if (!isSizes(shape) || !isSizes(offsets)) throw odd('its head has no shape');
  const [width = 0, rows = 0, batch = 1, ...more] = shape.toReversed();
  if (shape.length < 2 || more.length > 0 || batch !== 1) throw odd('it has other than two axes');
  mustFit({ rows, width }, limits);
  const [from, to] = offsets;
  const sizeBytes = rows * width * NUMBER_BYTES[type];
  if (offsets.length !== 2 || from !== 0 || to !== sizeBytes || bytes.length !== 8 + headBytes + sizeBytes) {
    throw odd('its numbers are not all there');
  }
  return { rows, width, values: toFloat32(bytes.subarray(8 + headBytes), type, width) };
}

function tensorIn(head: string): {
  readonly dtype?: unknown;
  readonly shape?: unknown;
  readonly data_offsets?: unknown;
} {
  try {
    const { __metadata__: _, ...tensors } = JSON.parse(head) as Record<string, unknown>;
    const [tensor, ...others] = Object.values(tensors);
    if (typeof tensor === 'object' && tensor !== null && others.length === 0) return tensor;
  } catch {
    // Said below.
  }
  throw odd('it does not hold one tensor');
}

function isSizes(list: unknown): list is number[] {
  return Array.isArray(list) && list.length <= 3 && list.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function odd(why: string): Error {
  return badTensor('EMB_SHAPE', `The safetensors are not one plain tensor of two axes: ${why}.`);
}
