import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sound } from '#contract/media.ts';
import { HEADER_BYTES, pcm16, wavHeader } from '#kit/pcm.ts';
import type { Stretch } from './cuts.ts';

/**
 * Writes stretches of a recording that follow each other without gaps as WAV files (16-bit mono), in one pass; one shorter
 * than `leastMs` is filled up with silence. Returns their paths in order.
 */
export async function writeWavs(
  sound: Sound,
  pieces: readonly Stretch[],
  leastMs: number,
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const inSamples = (ms: number) => Math.round((ms * sound.sampleRateHz) / 1_000);
  const targets = pieces.map(({ endMs }, index) => ({
    end: inSamples(endMs),
    path: join(folder, `piece-${index}.wav`),
  }));
  const pcm = sound.pcm(signal)[Symbol.asyncIterator]();
  let rest = new Float32Array(0);
  let at = 0;
  try {
    for (const { end, path } of targets) {
      const wav = await wavWriter(path, sound.sampleRateHz);
      try {
        while (at < end) {
          if (rest.length === 0) {
            const next = await pcm.next();
            if (next.done) break;
            rest = next.value as Float32Array<ArrayBuffer>;
          }
          const now = rest.subarray(0, end - at);
          await wav.write(now);
          at += now.length;
          rest = rest.subarray(now.length);
        }
        await wav.end(inSamples(leastMs));
      } finally {
        await wav.close();
      }
    }
  } finally {
    await pcm.return?.();
  }
  return targets.map(({ path }) => path);
}

/** A WAV file that is written while its sound comes; its header once the length is known. */
async function wavWriter(path: string, sampleRateHz: number) {
  const file = await open(path, 'wx', 0o600);
  await file.writeFile(Buffer.alloc(HEADER_BYTES));
  let samples = 0;
  const write = async (pcm: Float32Array) => {
    samples += pcm.length;
    await file.writeFile(pcm16(pcm));
  };
  return {
    write,
    async end(leastSamples: number) {
      if (samples < leastSamples) await write(new Float32Array(leastSamples - samples));
      await file.write(wavHeader(sampleRateHz, samples * 2), 0, HEADER_BYTES, 0);
    },
    close: () => file.close(),
  };
}
