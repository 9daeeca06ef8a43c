import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Media, MediaPart, Sound } from '#contract/media.ts';
import { temporaryFolder } from '#kit/temporary.ts';

/**
 * Makes a file on the bench a medium of its own, which keeps the name of the part it came from. The file moves; `close`
 * removes it. `index` counts pieces of one medium from 1.
 */
export async function madePart(
  from: MediaPart,
  path: string,
  form: Pick<Media, 'kind' | 'mimeType'>,
  extra: { readonly index?: number | undefined; readonly sound?: Sound | undefined } = {},
): Promise<MediaPart> {
  const { path: folder, close } = await temporaryFolder();
  try {
    const own = join(folder, 'media');
    await rename(path, own);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const bytes of createReadStream(own)) {
      hash.update(bytes);
      sizeBytes += bytes.length;
    }
    return {
      media: {
        ...from.media,
        ...form,
        name: renamed(from.media.name, form.mimeType, extra.index),
        sizeBytes,
        sha256: hash.digest('hex'),
      },
      ...(extra.sound ? { sound: extra.sound } : {}),
      bytes: () => readFile(own),
      stream: () => createReadStream(own),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes several media one after the other; when one fails, those before it are closed. */
export async function madeParts<T>(items: readonly T[], make: (item: T, index: number) => Promise<MediaPart>) {
  const parts: MediaPart[] = [];
  try {
    for (const [index, item] of items.entries()) parts.push(await make(item, index));
    return parts;
  } catch (error) {
    for (const part of parts) await part.close();
    throw error;
  }
}

/** The same sound from one time to another, in milliseconds. */
export function stretchOf(sound: Sound, startMs: number, endMs: number): Sound {
  const [start, end] = [startMs, endMs].map((ms) => Math.round((ms * sound.sampleRateHz) / 1_000)) as [number, number];
  return {
    sampleRateHz: sound.sampleRateHz,
    async *pcm(signal) {
      let at = 0;
      for await (const piece of sound.pcm(signal)) {
        const wanted = piece.subarray(Math.max(0, start - at), Math.max(0, end - at));
        at += piece.length;
        if (wanted.length > 0) yield wanted;
        if (at >= end) return;
      }
    },
  };
}

const ENDINGS: Readonly<Record<string, string>> = { jpeg: 'jpg', mpeg: 'mp3' };

function renamed(name: string, mimeType: string, index: number | undefined): string {
  const type = mimeType.split('/')[1] as string;
  const stem = name.replace(/\.[a-z0-9]{1,5}$/i, '');
  return `${stem}${index === undefined ? '' : `-${index}`}.${ENDINGS[type] ?? type}`;
}
