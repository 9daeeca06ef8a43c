import { type FileHandle, open } from 'node:fs/promises';
import { GGML_STORAGE, type Storage } from './dequantise.ts';
import { readGguf } from './gguf-file.ts';
import { findInSafetensors } from './safetensors.ts';
import { unusable } from './unusable.ts';

/** A language model's input embeddings, read from its file row by row. */
export interface EmbeddingTable {
  /** Length of a row. */
  readonly width: number;
  /** How many rows; some models have more than tokens. */
  readonly count: number;
  /** How the numbers are stored: `Q5_0`, `BF16`, … */
  readonly type: string;
  /** The rows of these tokens, in their order. Throws a RangeError for a number that has no row. */
  rows(ids: readonly number[]): Promise<Float32Array[]>;
  /** All rows in order, many at a time: `rows` holds `length / width` of them from `first` on, and is used again for the next. */
  all(signal: AbortSignal): AsyncGenerator<{ readonly first: number; readonly rows: Float32Array }>;
  close(): Promise<void>;
}

/** Where a table lies in a file. */
export interface Place {
  readonly path: string;
  readonly offset: number;
  readonly width: number;
  readonly count: number;
  readonly storage: Storage;
}

const MAX_WIDTH = 65_536;
const MAX_ROWS = 4_000_000;
/** Read at a time when all rows are wanted. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Opens the input embeddings in a GGUF file, or in the safetensors files of a folder. Throws `ledger.tokenizer-unusable`. */
export async function openEmbeddingTable(
  source: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<EmbeddingTable> {
  const place = source.endsWith('.gguf') ? await findInGguf(source, signal) : await findInSafetensors(source);
  const { storage, width, count, offset, path } = place;
  const rowBytes = (width / storage.values) * storage.bytes;
  if (width < 1 || width > MAX_WIDTH || count < 1 || count > MAX_ROWS || !Number.isInteger(rowBytes)) {
    throw unusable(path, `its embedding table has ${count} rows of ${width} numbers.`);
  }
  const file = await open(path, 'r');
  if ((await file.stat()).size < offset + rowBytes * count) {
    await file.close();
    throw unusable(path, 'it is cut: its embedding table is not whole.');
  }
  const read = async (first: number, rows: number, bytes: Uint8Array, out: Float32Array) => {
    await fill(file, bytes.subarray(0, rows * rowBytes), offset + first * rowBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, rows * rowBytes);
    const blocks = (rows * width) / storage.values;
    for (let block = 0; block < blocks; block++) storage.read(view, block * storage.bytes, out, block * storage.values);
  };
  return {
    ...{ width, count, type: storage.name, close: () => file.close() },
    rows: async (ids) => {
      const bytes = new Uint8Array(rowBytes);
      const found: Float32Array[] = [];
      for (const id of ids) {
        if (!Number.isInteger(id) || id < 0 || id >= count) throw new RangeError(`no row ${id} among ${count}`);
        const row = new Float32Array(width);
        await read(id, 1, bytes, row);
        found.push(row);
      }
      return found;
    },
    async *all(stop) {
      const atOnce = Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
      const bytes = new Uint8Array(atOnce * rowBytes);
      const out = new Float32Array(atOnce * width);
      for (let first = 0; first < count; first += atOnce) {
        stop.throwIfAborted();
        const rows = Math.min(atOnce, count - first);
        await read(first, rows, bytes, out);
        yield { first, rows: out.subarray(0, rows * width) };
      }
    },
  };
}

async function findInGguf(path: string, signal: AbortSignal): Promise<Place> {
  const tensor = (await readGguf(path, signal)).tensor('token_embd.weight');
  if (tensor === undefined) throw unusable(path, 'it has no embedding table.');
  const storage = GGML_STORAGE.get(tensor.type);
  if (storage === undefined)
    throw unusable(path, `its embedding table is stored in the form ${tensor.type}, which is not known here.`);
  return { path, ...tensor, storage };
}

async function fill(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw new RangeError('the file ends');
    done += bytesRead;
  }
}
