import { type Loss, lossOf } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import type { CallContext, EmbeddableMedium } from '#contract/ports.ts';
import { wavFile } from '#kit/pcm.ts';
import { encodeJpeg, resize } from '#runtime/pixels/shape.ts';
import { leadingSamples } from '../sound.ts';
import type { EmbeddingWire, Item } from './wire.ts';

const QUALITY = 90;
const MOST_TRIES = 8;
/** Longer sounds are cut where a server says no limit of its own: ten minutes of 16 kHz WAV are 19 MB. */
const MOST_SOUND_MS = 600_000;

/** A picture or sound as a server is sent it, within what it takes; what that left out is noted. */
export async function itemOf(
  medium: EmbeddableMedium,
  { wire, id }: { readonly wire: EmbeddingWire; readonly id: string },
  context: CallContext,
): Promise<Item> {
  const { part } = medium;
  if ('sound' in medium) return soundItem(part, medium.sound, wire.mostSoundMs ?? MOST_SOUND_MS, id, context);
  const { pixels } = medium;
  const area = pixels.widthPx * pixels.heightPx;
  const { mostPixels, mostBytes } = wire.picture ?? { mostPixels: 16_000_000, mostBytes: 20_000_000 };
  let scale = Math.min(1, Math.sqrt(mostPixels / area));
  for (let attempt = 0; ; attempt++) {
    const [widthPx, heightPx] = [pixels.widthPx, pixels.heightPx].map((side) => Math.max(1, Math.floor(side * scale)));
    const shown = scale === 1 ? pixels : await resize(pixels, widthPx ?? 1, heightPx ?? 1);
    const jpeg = await encodeJpeg(shown, QUALITY);
    if (jpeg.length <= mostBytes || attempt === MOST_TRIES) {
      if (scale < 1) context.note({ ...smaller(pixels, shown, id), part });
      return { kind: 'image', jpeg };
    }
    scale *= Math.SQRT1_2;
  }
}

async function soundItem(
  part: string,
  sound: Sound,
  mostMs: number,
  id: string,
  { signal, note }: CallContext,
): Promise<Item> {
  const { samples, totalMs } = await leadingSamples(sound, mostMs, signal);
  if (totalMs > mostMs) {
    note(
      lossOf({
        kind: 'truncated',
        stage: 'embed',
        part,
        engine: id,
        time: { startMs: mostMs, endMs: totalMs },
        extent: 1 - mostMs / totalMs,
        unit: 'share of the sound',
        message: `Only the first ${Math.round(mostMs / 1000)} s of ${Math.round(totalMs / 1000)} s were sent to be embedded.`,
        action: 'Cut the recording into pieces and embed each.',
      }),
    );
  }
  return { kind: 'audio', wav: wavFile(samples, sound.sampleRateHz) };
}

type Size = { readonly widthPx: number; readonly heightPx: number };

function smaller(from: Size, to: Size, engine: string): Loss {
  const [before, after] = [from, to].map(({ widthPx, heightPx }) => `${widthPx}×${heightPx}`);
  return lossOf({
    kind: 'downscaled',
    stage: 'embed',
    engine,
    extent: Math.round((to.widthPx / from.widthPx) * 1000) / 1000,
    unit: 'of each side',
    message: `The picture was made smaller for ${engine} (${before} to ${after}): small things may not be found.`,
    action: 'The vector stands for the smaller picture.',
    before: before ?? '',
    after: after ?? '',
  });
}
