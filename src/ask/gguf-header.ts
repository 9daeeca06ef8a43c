import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What the head of a GGUF file says (github.com/ggml-org/ggml, docs/gguf.md). Lists are left out. */
export interface GgufHeader {
  readonly keys: ReadonlyMap<string, string | number | boolean>;
  /** The file goes on at least to where its last tensor begins. */
  readonly isWhole: boolean;
}

const PIECE_BYTES = 64 * 1024;
const DEFAULT_ALIGNMENT = 32;
/** No key, no text and no file of sound mind has more. */
const MOST_ENTRIES = 1_000_000;

const STRING = 8;
const LIST = 9;
/** Bytes of a value, by the number of its type. */
const SIZES: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** Reads the head of a GGUF file without the weights; `null` for a file that is none, is cut in its head, or is not there. */
export function readGgufHeader(path: string): GgufHeader | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return headerOf(reader(file), fstatSync(file).size);
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code !== undefined) return null;
    throw error;
  } finally {
    closeSync(file);
  }
}

function headerOf(read: Reader, sizeBytes: number): GgufHeader {
  if (read.take(4).toString('latin1') !== 'GGUF' || ![2, 3].includes(read.u32())) throw new RangeError('no GGUF');
  const tensors = read.count();
  const entries = read.count();
  const keys = new Map<string, string | number | boolean>();
  for (let entry = 0; entry < entries; entry++) {
    const key = read.text();
    const value = read.value(read.u32());
    if (value !== undefined) keys.set(key, value);
  }
  let last = 0;
  for (let tensor = 0; tensor < tensors; tensor++) {
    read.text();
    read.skip(read.u32() * 8 + 4);
    last = Math.max(last, read.u64());
  }
  const alignment = Number(keys.get('general.alignment') ?? DEFAULT_ALIGNMENT);
  const start = Math.ceil(read.at() / alignment) * alignment;
  return { keys, isWhole: tensors > 0 && start + last < sizeBytes };
}

type Reader = ReturnType<typeof reader>;

/** Reads on and on in a file. Throws a RangeError at its end. */
function reader(file: number) {
  let kept = Buffer.alloc(0);
  let keptFrom = 0;
  let position = 0;
  const take = (length: number): Buffer => {
    if (position < keptFrom || position + length > keptFrom + kept.length) {
      kept = Buffer.alloc(Math.max(length, PIECE_BYTES));
      kept = kept.subarray(0, readSync(file, kept, 0, kept.length, position));
      keptFrom = position;
    }
    if (length > kept.length - (position - keptFrom)) throw new RangeError('the file ends');
    position += length;
    return kept.subarray(position - length - keptFrom, position - keptFrom);
  };
  const skip = (length: number) => {
    position += length;
  };
  const u32 = () => take(4).readUInt32LE();
  const u64 = () => Number(take(8).readBigUInt64LE());
  const count = () => {
    const number = u64();
    if (number > MOST_ENTRIES) throw new RangeError('too many');
    return number;
  };
  const text = () => take(count()).toString('utf8');
  const value = (type: number): string | number | boolean | undefined => {
    if (type === STRING) return text();
    if (type === LIST) {
      skipList(u32(), count());
      return undefined;
    }
    const bytes = take(sizeOf(type));
    if (type === 7) return bytes[0] !== 0;
    if (type === 6) return bytes.readFloatLE();
    if (type === 12) return bytes.readDoubleLE();
    if (type === 10 || type === 11) return Number(type === 10 ? bytes.readBigUInt64LE() : bytes.readBigInt64LE());
    return [1, 3, 5].includes(type) ? bytes.readIntLE(0, bytes.length) : bytes.readUIntLE(0, bytes.length);
  };
  const skipList = (type: number, length: number): void => {
    if (type === STRING) for (let index = 0; index < length; index++) skip(count());
    else if (type === LIST) for (let index = 0; index < length; index++) skipList(u32(), count());
    else skip(length * sizeOf(type));
  };
  return { take, skip, u32, u64, count, text, value, at: () => position };
}

function sizeOf(type: number): number {
  const size = SIZES[type];
  if (size === undefined) throw new RangeError('no such type');
  return size;
}
