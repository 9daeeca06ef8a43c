import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SAFETENSORS_STORAGE } from './dequantise.ts';
import type { Place } from './embedding-table.ts';
import { unusable } from './unusable.ts';

/** Heads larger than this are refused, as by the format's own readers. */
const MAX_HEAD_BYTES = 100_000_000;
/** How model makers call the input embeddings. */
const TABLE = /(^|\.)(embed_tokens|wte|word_embeddings|tok_embeddings|embeddings\.word_embeddings)\.weight$/;

/** Finds the input embeddings in the safetensors files of a folder (github.com/huggingface/safetensors: 8 bytes of length, a JSON head, the numbers). */
export async function findInSafetensors(folder: string): Promise<Place> {
  try {
    const path = join(folder, await fileWithTable(folder));
    const { tensors, start } = await readHeadOf(path);
    const [, tensor] = Object.entries(tensors).find(([name]) => TABLE.test(name)) ?? [];
    const storage = SAFETENSORS_STORAGE.get(tensor?.dtype ?? '');
    const [count = 0, width = 0] = tensor?.shape ?? [];
    if (!tensor || !storage) throw unusable(path, 'it has no embedding table in F32, F16 or BF16.');
    return { path, offset: start + (tensor.data_offsets[0] ?? 0), width, count, storage };
  } catch (error) {
    if ((error as { blame?: unknown }).blame !== undefined) throw error;
    throw unusable(folder, 'no safetensors file in it has an embedding table.', error);
  }
}

async function fileWithTable(folder: string): Promise<string> {
  const index = join(folder, 'model.safetensors.index.json');
  if (!(await stat(index).catch(() => null))) return 'model.safetensors';
  const { weight_map: files } = JSON.parse(await readFile(index, 'utf8')) as { weight_map: Record<string, string> };
  const [, file = ''] = Object.entries(files).find(([name]) => TABLE.test(name)) ?? [];
  if (!/^[\w.-]+\.safetensors$/.test(file)) throw unusable(index, 'it names no file with an embedding table.');
  return file;
}

type Tensors = Record<string, { readonly dtype: string; readonly shape: number[]; readonly data_offsets: number[] }>;

async function readHeadOf(path: string): Promise<{ tensors: Tensors; start: number }> {
  const file = await open(path, 'r');
  try {
    const length = Buffer.alloc(8);
    await file.read(length, 0, 8, 0);
    const bytes = Number(length.readBigUInt64LE());
    if (bytes > MAX_HEAD_BYTES) throw unusable(path, `its head has ${bytes} bytes.`);
    const head = Buffer.alloc(bytes);
    await file.read(head, 0, bytes, 8);
    const { __metadata__: _, ...tensors } = JSON.parse(head.toString('utf8')) as Tensors;
    return { tensors, start: 8 + bytes };
  } finally {
    await file.close();
  }
}
