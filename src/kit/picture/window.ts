import { type FileHandle, open } from 'node:fs/promises';

/** How large a picture says it is, in pixels, and how many pictures there are in it (pages, frames). */
export interface Extent {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/** Looks into a file here and there, whatever its size. What lies behind the end comes back shorter. */
export interface Window {
  readonly sizeBytes: number;
  read(at: number, length: number): Promise<Buffer>;
}

/** Opens a file to be looked into while `use` runs. */
export async function lookInto<T>(path: string, use: (window: Window) => Promise<T>): Promise<T> {
  const handle: FileHandle = await open(path);
  try {
    const { size: sizeBytes } = await handle.stat();
    const read = async (at: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
      return buffer.subarray(0, bytesRead);
    };
    return await use({ sizeBytes, read });
  } finally {
    await handle.close();
  }
}
