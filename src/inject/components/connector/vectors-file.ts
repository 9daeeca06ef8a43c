import { open } from 'node:fs/promises';
import { unusable } from '../vectors.ts';
import { type Rows, readNpy } from './npy.ts';
import { readSafetensors } from './safetensors.ts';

const MAX_BYTES = 256 * 1024 * 1024;

/** A file as it is, if it is one and not larger than this. Throws `inject.component-unusable`. */
export async function readBounded(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unusable(path, 'it cannot be read.', 'Check the path and who may read it.', error);
  });
  try {
    const about = await file.stat();
    if (!about.isFile()) throw unusable(path, 'it is not a file.');
    if (about.size > maxBytes) throw unusable(path, `it has ${about.size} bytes; at most ${maxBytes} are read.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Rows of numbers in a file: `.npy`, or `.safetensors` with the name of a tensor behind `#` where there are several. */
export async function readVectors(reference: string): Promise<Rows> {
  const [path = '', tensor] = reference.split('#');
  const bytes = await readBounded(path, MAX_BYTES);
  if (path.endsWith('.npy')) return readNpy(bytes, path);
  if (!path.endsWith('.safetensors')) throw unusable(path, 'vectors are read from .npy and .safetensors.');
  const tensors = readSafetensors(bytes, path);
  const found = tensor === undefined ? [...tensors.values()] : [tensors.get(tensor)];
  const [one] = found;
  if (found.length !== 1 || !one)
    throw unusable(path, `name one of its tensors: ${[...tensors.keys()].join(', ').slice(0, 200)}.`);
  if (!(one.values instanceof Float32Array) || one.shape.length > 2)
    throw unusable(path, 'it holds no rows of float32.');
  return { columns: one.shape.at(-1) ?? 0, values: one.values };
}
