import { imageSize } from 'image-size';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaPart } from '#contract/media.ts';
import { context, generated, scenes, testFolder } from '../__fixtures__/media.ts';
import { canMakeFrames, framesOf } from '../index.ts';

const folder = testFolder();
const LENGTHS = [2, 1.5, 2.5, 1, 3];
const CUTS_MS = [2_000, 3_500, 6_000, 7_000];

let film: MediaPart;
beforeAll(async () => {
  film = await scenes(folder.path, 'film.mp4', LENGTHS);
});
afterAll(() => film.close());

async function framed(part: MediaPart, options: Parameters<typeof framesOf>[1]) {
  const call = context();
  const frames = await framesOf(part, options, call);
  return { frames, losses: call.losses };
}

const closeAll = async (frames: Awaited<ReturnType<typeof framed>>['frames']) => {
  for (const { part } of frames) await part.close();
};

describe('frames of a film', () => {
  it('are the first and those where scenes begin, as pictures within the limits', async () => {
    const before = folder.leftovers();
    const { frames, losses } = await framed(film, {
      maxFrames: 8,
      limits: { maxSidePx: 100, minSidePx: 80, maxBytes: 5_000 },
    });
    expect(frames.map(({ atMs }) => atMs)).toEqual([0, ...CUTS_MS]);
    for (const { part } of frames) {
      expect(part.media).toMatchObject({ part: 'part-1', kind: 'image', mimeType: 'image/jpeg' });
      expect(imageSize(Buffer.from(await part.bytes()))).toMatchObject({ width: 100, height: 80 });
      expect(part.media.sizeBytes).toBeLessThanOrEqual(5_000);
    }
    expect(new Set(frames.map(({ part }) => part.media.sha256)).size).toBe(5);
    expect(losses).toMatchObject([
      {
        kind: 'frames-sampled',
        stage: 'native',
        part: 'part-1',
        extent: 95,
        unit: 'frames',
        before: expect.stringMatching(/^video\/mp4 320×240, 10\.0 s, 100 frames, /),
        after: expect.stringMatching(/^5 × image\/jpeg, /),
        message: 'The model saw 5 of 100 frames of film.mp4; the longest time between them is 3.0 s.',
      },
    ]);
    await closeAll(frames);
    expect(folder.leftovers()).toBe(before);
  });

  it('are fewer where there is less room, and it says how many cuts they miss', async () => {
    const { frames, losses } = await framed(film, { maxFrames: 8, limits: { maxCount: 3 } });
    expect(frames.length).toBe(3);
    expect(frames[0]?.atMs).toBe(0);
    for (const { atMs } of frames.slice(1)) expect(CUTS_MS).toContain(atMs);
    expect(losses[0]?.message).toContain('2 of its 4 cuts are not among them');
    await closeAll(frames);
  });

  it('come in the form that the model takes', async () => {
    const { frames } = await framed(film, {
      maxFrames: 2,
      limits: undefined,
      accepts: ({ mimeType }) => mimeType === 'image/png',
    });
    expect(frames.map(({ part }) => part.media.mimeType)).toEqual(['image/png', 'image/png']);
    await closeAll(frames);
  });
});

it('frames of a still film look into it all the same, and the loss of its sound is noted', async () => {
  const still = await generated(
    folder.path,
    'still.avi',
    '-f',
    'lavfi',
    '-i',
    'color=teal:s=64x48:r=10:d=4',
    '-f',
    'lavfi',
    '-i',
    'sine=d=4',
    '-c:a',
    'pcm_s16le',
  );
  const { frames, losses } = await framed(still, { maxFrames: 8, limits: undefined });
  expect(frames.length).toBe(3);
  expect(losses.map(({ kind }) => kind)).toEqual(['frames-sampled', 'sound-dropped']);
  expect(losses[1]).toMatchObject({
    part: 'part-1',
    before: expect.stringContaining('video/vnd.avi 4.0 s'),
    after: '3 × image/jpeg',
  });
  await closeAll(frames);
});

it('are refused where there is no room, no form, or no ffmpeg', async () => {
  const refused = { code: 'native.cannot-fit', hint: expect.stringMatching(/./) };
  await expect(framed(film, { maxFrames: 0, limits: undefined })).rejects.toMatchObject(refused);
  await expect(framed(film, { maxFrames: 3, limits: { addressOnly: true } })).rejects.toMatchObject(refused);
  await expect(framed(film, { maxFrames: 3, limits: undefined, accepts: () => false })).rejects.toMatchObject(refused);
  const without = { ...context(), tools: { ffmpeg: async () => null } };
  await expect(framesOf(film, { maxFrames: 3, limits: undefined }, without)).rejects.toMatchObject(refused);
  expect(canMakeFrames(() => true)).toBe(true);
  expect(canMakeFrames(() => false)).toMatch(/in no form/);
});

it('leaves nothing behind when it is cancelled or a frame does not fit', async () => {
  const before = folder.leftovers();
  for (const afterMs of [0, 5, 30]) {
    const aborter = new AbortController();
    const call = context(aborter.signal);
    const made = framesOf(film, { maxFrames: 8, limits: undefined }, call);
    if (afterMs === 0) aborter.abort();
    else setTimeout(() => aborter.abort(), afterMs);
    await made.then(
      (frames) => closeAll(frames),
      (error) => expect(error).toMatchObject({ code: 'kit.cancelled' }),
    );
  }
  await expect(framed(film, { maxFrames: 3, limits: { maxBytes: 50 } })).rejects.toMatchObject({
    code: 'native.cannot-fit',
  });
  expect(folder.leftovers()).toBe(before);
});
