import { expect, it } from 'vitest';
import type { MediaPart } from '#contract/media.ts';
import { decodePicture } from '#runtime/pixels/picture.ts';
import { context, picture, received, recording, testFolder } from './__fixtures__/media.ts';
import { clipOf, cropOf } from './index.ts';

const folder = testFolder();

async function samplesOf({ sound }: MediaPart): Promise<number[]> {
  const samples: number[] = [];
  for await (const piece of sound?.pcm() ?? []) samples.push(...piece);
  return samples;
}

it('cuts a clip out of a recording: the very samples, as a WAV that a receiver reads', async () => {
  const talk = await recording(folder.path, 'talk.wav', 6, [2]);
  const before = folder.leftovers();
  const clip = await clipOf(talk, { startMs: 2_500, endMs: 4_000 }, context());
  const again = await received(clip);
  expect(clip.media).toMatchObject({ kind: 'audio', mimeType: 'audio/wav', part: 'part-1', name: 'talk.wav' });
  const wanted = (await samplesOf(talk)).slice(40_000, 64_000);
  expect(await samplesOf(clip)).toEqual(wanted);
  const heard = await samplesOf(again);
  expect(heard).toHaveLength(24_000);
  expect(Math.max(...heard.map((sample, at) => Math.abs(sample - (wanted[at] ?? 0))))).toBeLessThan(1e-4);
  await again.close();
  await clip.close();
  expect(folder.leftovers()).toBe(before);
  await talk.close();
});

it('says so where there is no sound to cut from', async () => {
  const still = await picture(folder.path, 'still.png', 8, 8);
  await expect(clipOf(still, { startMs: 0, endMs: 1 }, context())).rejects.toMatchObject({ code: 'native.cannot-fit' });
  await still.close();
});

it('cuts a piece out of a picture, and refuses one that is too large', async () => {
  const whole = await picture(folder.path, 'test.png', 64, 48);
  const area = { left: 10, top: 20, widthPx: 30, heightPx: 12 };
  const limits = { maxPixels: 1e6, signal: new AbortController().signal };
  // The process that decodes leaves a cache of its own when it starts.
  const from = await (await decodePicture(await whole.bytes(), limits)).pixels();
  const before = folder.leftovers();
  const piece = await cropOf(whole, area, 1e6, context());
  expect(piece.media).toMatchObject({ kind: 'image', mimeType: 'image/png', part: 'part-1' });
  const pixels = await (await decodePicture(await piece.bytes(), limits)).pixels();
  expect(pixels).toMatchObject({ widthPx: 30, heightPx: 12 });
  expect([...pixels.rgb.subarray(0, 90)]).toEqual([...from.rgb.subarray((20 * 64 + 10) * 3, (20 * 64 + 40) * 3)]);
  await piece.close();
  await expect(cropOf(whole, area, 100, context())).rejects.toMatchObject({ code: 'see.too-large' });
  expect(folder.leftovers()).toBe(before);
  await whole.close();
});
