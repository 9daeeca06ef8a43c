import { bfloat16Of, firstNotFinite, NUMBER_BYTES, notFinite, toFloat32 } from './number-type.ts';
import { badTensor } from './refusal.ts';
import { readStoredZip, storedZip } from './stored-zip.ts';
import { readPickle, writePickle } from './torch-pickle.ts';

/** Rows of numbers, one after the other in `values`. */
export interface Rows {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** How much is taken. `width` where only one will do. `maxBytes` is of the file. */
export interface TensorLimits {
  readonly maxRows: number;
  readonly maxWidth: number;
  readonly maxBytes: number;
  readonly width?: number | undefined;
}

/** 8,192 rows (a long recording) as wide as the widest open models, as float32. */
export const TENSOR_LIMITS: TensorLimits = { maxRows: 8_192, maxWidth: 16_384, maxBytes: 512 * 1024 * 1024 };

/** Numbers that are turned into bytes at a time: 48 KiB of float32, a multiple of three bytes in both types. */
const PIECE = 12 * 1024;

/**
 * Rows as a file that `torch.load(…, weights_only=True)` reads (PyTorch ≥ 1.6; `bfloat16` is what most servers compute in and half
 * the bytes): its size, and its bytes in pieces, made anew each time, so that it need never be held whole.
 * Throws `inject.bad-vectors` for numbers that are none in the type, and for sizes that do not fit.
 */
export function tensorFile(
  { rows, width, values }: Rows,
  type: 'float32' | 'bfloat16',
): { readonly sizeBytes: number; pieces(): Generator<Buffer, void, undefined> } {
  if (rows < 1 || width < 1 || rows * width !== values.length || values.length > 0x7fffffff / 4) {
    throw badTensor('EMB_SHAPE', `${rows} rows of ${width} are not ${values.length} numbers.`);
  }
  const word = (name: string, text: string | Buffer) => {
    const bytes = Buffer.from(text);
    return { name: `archive/${name}`, sizeBytes: bytes.length, pieces: () => [bytes] };
  };
  return storedZip([
    word('data.pkl', writePickle(type, rows, width)),
    word('byteorder', 'little'),
    {
      name: 'archive/data/0',
      sizeBytes: values.length * NUMBER_BYTES[type],
      pieces: () => encoded(values, width, type),
    },
    word('version', '3\n'),
  ]);
}

/** The same file in one piece. */
export function writeTensor(tensor: Rows & { readonly type: 'float32' | 'bfloat16' }): Buffer {
  return Buffer.concat([...tensorFile(tensor, tensor.type).pieces()]);
}

function* encoded(values: Float32Array, width: number, type: 'float32' | 'bfloat16'): Generator<Buffer> {
  for (let from = 0; from < values.length; from += PIECE) {
    const piece = values.subarray(from, from + PIECE);
    const bad = firstNotFinite(piece);
    if (bad >= 0) throw notFinite(piece[bad] ?? Number.NaN, Math.floor((from + bad) / width), (from + bad) % width);
    if (type === 'float32') yield bytesOf(piece);
    else {
      const upper = bfloat16Of(piece);
      // Rounding can reach bfloat16's infinity.
      const over = upper.findIndex((bits) => (bits & 0x7f80) === 0x7f80);
      if (over >= 0)
        throw notFinite(piece[over] ?? Number.NaN, Math.floor((from + over) / width), (from + over) % width);
      yield bytesOf(upper);
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** What may lie beside the pickle and the numbers, and how long it may be. */
const BESIDE: ReadonlySet<string> = new Set([
  'byteorder',
  'version',
  '.format_version',
  '.storage_alignment',
  '.data/serialization_id',
]);
const WORD_BYTES = 64;
const PICKLE_BYTES = 1_024;

/**
 * Reads a file of `torch.save` that holds one dense, contiguous tensor of two axes (or three, the first of one row) in
 * floating-point numbers. Nothing is unpickled: the file must be, byte for byte, one that PyTorch or `writeTensor` would write.
 * What it declares is held against the limits and the bytes there are before anything is allocated.
 * Throws `inject.bad-vectors`; `details.code` is EMB_SHAPE, EMB_WIDTH, EMB_NOT_FINITE or EMB_TOO_LARGE.
 */
export function readTorchFile(bytes: Buffer, limits: TensorLimits): Rows {
  mustNotBeTooLarge('bytes', bytes.length, limits.maxBytes);
  const entries = readStoredZip(bytes);
  const [first = ''] = entries.keys();
  const prefix = first.slice(0, -'data.pkl'.length);
  const pickle = entries.get(`${prefix}data.pkl`);
  const data = entries.get(`${prefix}data/0`);
  if (!/^[^/]+\/$/.test(prefix) || !pickle || !data || pickle.length > PICKLE_BYTES) {
    throw badTensor('EMB_SHAPE', 'The file does not hold one tensor.');
  }
  for (const [name, content] of entries) {
    if (content === pickle || content === data) continue;
    if (name.startsWith(prefix) && BESIDE.has(name.slice(prefix.length)) && content.length <= WORD_BYTES) continue;
    throw badTensor('EMB_SHAPE', 'The file holds more than one tensor.');
  }
  const order = entries.get(`${prefix}byteorder`)?.toString('latin1') ?? 'little';
  if (order !== 'little') throw badTensor('EMB_SHAPE', 'Its numbers are not little-endian.');
  const { type, numbers, offset, sizes, strides } = readPickle(pickle);
  const [width = 0, rows = 0, batch = 1] = sizes.toReversed();
  const [step, rowStep] = strides.toReversed();
  if (batch !== 1) throw badTensor('EMB_SHAPE', `It is a batch of ${batch}.`, { measured: batch, threshold: 1 });
  mustFit({ rows, width }, limits);
  const isDense =
    offset === 0 && step === 1 && rowStep === width && (sizes.length === 2 || strides[0] === rows * width);
  if (!isDense || numbers !== rows * width || data.length !== numbers * NUMBER_BYTES[type]) {
    throw badTensor('EMB_SHAPE', 'It is a view of other numbers, or its numbers are not all there.', {
      measured: `${data.length} bytes`,
      threshold: `${rows * width * NUMBER_BYTES[type]} bytes`,
    });
  }
  return { rows, width, values: toFloat32(data, type, width) };
}

/** Refuses a shape beyond the limits. Throws `inject.bad-vectors`. */
export function mustFit({ rows, width }: Omit<Rows, 'values'>, limits: TensorLimits): void {
  if (rows < 1 || width < 1) throw badTensor('EMB_SHAPE', `It has ${rows} rows of ${width} numbers.`);
  mustNotBeTooLarge('rows', rows, limits.maxRows);
  if (limits.width !== undefined && width !== limits.width) {
    throw badTensor('EMB_WIDTH', `Its rows have ${width} numbers, and the model takes ${limits.width}.`, {
      hint: 'Make the vectors with this very model’s input table; a vector made for searching is none of these.',
      measured: width,
      threshold: limits.width,
    });
  }
  mustNotBeTooLarge('numbers in a row', width, limits.maxWidth);
}

function mustNotBeTooLarge(what: string, measured: number, threshold: number): void {
  if (measured <= threshold) return;
  throw badTensor('EMB_TOO_LARGE', `It has ${measured} ${what}; ${threshold} are taken.`, {
    hint: 'Send fewer rows, or ask for a higher limit where the server is run.',
    measured,
    threshold,
  });
}
