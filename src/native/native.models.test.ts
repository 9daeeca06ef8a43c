import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { imageSize } from 'image-size';
import { describe, expect, it } from 'vitest';
import { countCuts } from './__fixtures__/cuts.ts';
import { context, received, taken, testFolder } from './__fixtures__/media.ts';
import { fitMedia, framesOf } from './index.ts';

const data = new URL('../../../shared/data/', import.meta.url).pathname;
const filesIn = (name: string) => (existsSync(join(data, name)) ? readdirSync(join(data, name)) : []);
const [images, recordings, videos] = [filesIn('image'), filesIn('audio'), filesIn('video')];
const here = images.length > 0;
console.log(
  `native: ${images.length} pictures, ${recordings.length} recordings, ${videos.length} videos${here ? '' : ' (shared data is absent: skipped)'}`,
);

const folder = testFolder();
const only =
  (...mimeTypes: string[]) =>
  ({ mimeType }: { readonly mimeType: string }) =>
    mimeTypes.includes(mimeType);

describe.skipIf(!here)('real media', () => {
  it('has them all', () => {
    expect(images.length).toBeGreaterThanOrEqual(8);
    expect(recordings.length).toBeGreaterThanOrEqual(20);
    expect(videos.length).toBeGreaterThanOrEqual(1);
  });

  it.each(images)('%s fits every limit set for it', async (name) => {
    const part = await taken(join(data, 'image', name));
    for (const [accepts, limits] of [
      [only('image/jpeg'), { maxSidePx: 256, maxEncodedBytes: 8_000 }],
      [only('image/png', 'image/jpeg'), { maxBytes: 6_000 }],
      [only('image/png'), { minSidePx: 11, maxPixels: 40_000, maxRatio: 2 }],
    ] as const) {
      const call = context();
      const [made] = await fitMedia(part, limits, accepts, call);
      const bytes = Buffer.from((await made?.bytes()) ?? []);
      const { width, height } = imageSize(bytes);
      console.log(
        `${name}: ${call.losses.map(({ kind, before, after }) => `${kind} ${before} -> ${after}`)[0] ?? 'as it is'}`,
      );
      if ('maxSidePx' in limits) expect(Math.max(width, height)).toBeLessThanOrEqual(limits.maxSidePx);
      if ('maxBytes' in limits) expect(bytes.length).toBeLessThanOrEqual(limits.maxBytes);
      if ('maxRatio' in limits)
        expect(Math.max(width, height) / Math.min(width, height)).toBeLessThanOrEqual(limits.maxRatio);
      expect(call.losses.length > 0).toBe(made !== part);
      if (made !== part) await made?.close();
    }
    await part.close();
  });

  it('a picture that is stored turned comes out upright', async () => {
    const part = await taken(join(data, 'image', 'zh_exif_rotated.jpg'));
    const stored = imageSize(Buffer.from(await part.bytes()));
    expect(stored.orientation).toBe(3);
    const [made] = await fitMedia(part, undefined, only('image/png'), context());
    expect(imageSize(Buffer.from((await made?.bytes()) ?? []))).toMatchObject({
      width: stored.width,
      height: stored.height,
    });
    await made?.close();
  });

  it.each(recordings)('%s fits in pieces of three seconds', async (name) => {
    const part = await taken(join(data, 'audio', name));
    const made = await fitMedia(
      part,
      { maxDurationMs: 3_000, maxBytes: 60_000 },
      only('audio/wav', 'audio/mpeg'),
      context(),
    );
    for (const piece of made) {
      const again = await received(piece);
      let samples = 0;
      for await (const pcm of again.sound?.pcm() ?? []) samples += pcm.length;
      expect(samples / 16).toBeLessThanOrEqual(3_000);
      expect(piece.media.sizeBytes).toBeLessThanOrEqual(60_000);
      await again.close();
      if (piece !== part) await piece.close();
    }
    await part.close();
  });

  it.each(videos)('%s becomes MP4, and frames', async (name) => {
    const part = await taken(join(data, 'video', name));
    const call = context();
    const [made] = await fitMedia(part, { maxBytes: 50_000 }, only('video/mp4'), call);
    expect(made?.media.sizeBytes).toBeLessThanOrEqual(50_000);
    const frames = await framesOf(part, { maxFrames: 4, limits: { maxSidePx: 200 } }, call);
    expect(frames.length).toBeGreaterThanOrEqual(3);
    expect(call.losses.map(({ kind }) => kind)).toContain('sound-dropped');
    for (const one of [made, ...frames.map(({ part: frame }) => frame)]) await one?.close();
    await part.close();
    expect(folder.leftovers()).toBe(0);
  });

  it('finds most cuts between pictures over which a camera moves', async () => {
    const { chosen, 'fixed 0.3': fixed } = await countCuts(
      folder.path,
      'pictures',
      images.map((name) => join(data, 'image', name)),
    );
    expect(chosen.found).toBeGreaterThanOrEqual(25);
    expect(chosen.found).toBeGreaterThan(fixed.found);
    expect(chosen.wrong).toBeLessThanOrEqual(6);
  });
});
