import { buffer } from 'node:stream/consumers';
import { type MediaInput, openWav, takeInput, type WavSink } from '#pipeline/index.ts';

/** What `--in` values mean: files, URLs, data URLs, or `-` for standard input. */
export function mediaInputs(values: readonly string[]): Promise<MediaInput[]> {
  return Promise.all(
    values.map(async (value): Promise<MediaInput> => {
      if (value === '-') return { kind: 'bytes', bytes: await readAll(process.stdin), name: 'standard input' };
      return takeInput(value);
    }),
  );
}

/** Everything a stream gives until it ends. */
export async function readAll(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  return buffer(stream);
}

/** A WAV file (or `-` for standard output) to write sound into; `null` when none is wanted. */
export async function wavSink(target: string | null): Promise<WavSink | null> {
  return target === null ? null : openWav(target === '-' ? process.stdout : target);
}
