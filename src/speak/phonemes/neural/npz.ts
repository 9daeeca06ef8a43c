import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';

/** A float32 array in C order (last axis fastest), as numpy stores it. */
export type Tensor = { shape: readonly number[]; data: Float32Array };

/** Reads every array of a numpy .npz file (a zip of .npy files) by name; throws on anything but little-endian float32. */
export async function readNpz(path: string): Promise<ReadonlyMap<string, Tensor>> {
  const zip = await openPromise(path, { lazyEntries: true });
  const tensors = new Map<string, Tensor>();
  for await (const entry of zip.eachEntry()) {
    const bytes = await buffer(await zip.openReadStreamPromise(entry));
    tensors.set(entry.fileName.replace(/\.npy$/, ''), parseNpy(bytes));
  }
  return tensors;
}

/** Parses one .npy file, format versions 1 to 3 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
export function parseNpy(bytes: Buffer): Tensor {
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY') throw new Error('not an .npy file');
  const wide = bytes.readUInt8(6) > 1;
  const dataStart = wide ? 12 + bytes.readUInt32LE(8) : 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', wide ? 12 : 10, dataStart);
  if (!/'descr': *'<f4'/.test(header) || !/'fortran_order': *False/.test(header)) {
    throw new Error('only little-endian float32 in C order is supported');
  }
  const shape = (/'shape': *\(([^)]*)\)/.exec(header)?.[1] ?? '').match(/\d+/g)?.map(Number) ?? [];
  const length = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - dataStart < length * 4) throw new Error('the .npy file is cut short');
  const data = new Float32Array(length);
  new Uint8Array(data.buffer).set(bytes.subarray(dataStart, dataStart + length * 4));
  return { shape, data };
}
