import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { imageSize } from 'image-size';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KindLimits } from '#contract/capabilities.ts';
import type { MediaPart } from '#contract/media.ts';
import { context, ffmpeg, generated, picture, taken, testFolder } from '../__fixtures__/media.ts';
import { fitMedia } from '../index.ts';

const folder = testFolder();

const any = () => true;
const only =
  (...mimeTypes: string[]) =>
  ({ mimeType }: { readonly mimeType: string }) =>
    mimeTypes.includes(mimeType);

/** Fits a picture and says what came out and what was noted. */
async function fitted(
  part: MediaPart,
  limits: KindLimits | undefined,
  accepts: (form: { readonly mimeType: string }) => boolean,
) {
  const call = context();
  const [made, ...more] = await fitMedia(part, limits, accepts, call);
  if (!made || more.length > 0) throw new Error('A picture stays one.');
  const bytes = Buffer.from(await made.bytes());
  return { made, bytes, size: imageSize(bytes), losses: call.losses };
}

/** The pixels of a picture as red, green, blue. */
async function pixels(bytes: Uint8Array, width: number, height: number): Promise<Buffer> {
  const [from, to] = [join(folder.path, 'pixels-in'), join(folder.path, 'pixels-out')];
  writeFileSync(from, bytes);
  const format = bytes[0] === 0x89 ? 'png_pipe' : 'jpeg_pipe';
  await ffmpeg(
    '-y',
    '-noautorotate',
    '-f',
    format,
    '-i',
    from,
    '-vf',
    `scale=${width}:${height}:flags=area`,
    '-pix_fmt',
    'rgb24',
    '-f',
    'rawvideo',
    to,
  );
  return readFileSync(to);
}

describe('a picture that fits', () => {
  it('is the very same part, and nothing is noted', async () => {
    const part = await picture(folder.path, 'fits.png', 60, 40);
    for (const limits of [
      undefined,
      {},
      { maxBytes: 1e6, maxSidePx: 60, minSidePx: 40, maxRatio: 1.5, maxPixels: 2_400 },
    ]) {
      const { made, losses } = await fitted(part, limits, any);
      expect(made).toBe(part);
      expect(losses).toEqual([]);
    }
  });
});

describe('a picture that does not fit', () => {
  it('says what it was and what it became, one loss for each change', async () => {
    const part = await picture(folder.path, 'scan.tiff', 400, 300, '-pix_fmt', 'rgb24');
    const { made, size, losses } = await fitted(
      part,
      { maxSidePx: 200, maxEncodedBytes: 8_000 },
      only('image/jpeg', 'image/png'),
    );
    expect(made.media).toMatchObject({ part: 'part-1', kind: 'image', mimeType: 'image/jpeg', name: 'scan.jpg' });
    expect(size).toMatchObject({ width: 200, height: 150 });
    expect(Math.ceil(made.media.sizeBytes / 3) * 4).toBeLessThanOrEqual(8_000);
    expect(losses.map(({ kind }) => kind)).toEqual(['downscaled', 're-encoded']);
    for (const loss of losses) {
      expect(loss).toMatchObject({ stage: 'native', part: 'part-1', certainty: 'measured' });
      expect(loss.before).toBe(`image/tiff 400×300, ${(part.media.sizeBytes / 1_000).toFixed(1)} kB`);
      expect(loss.after).toBe(`image/jpeg 200×150, ${(made.media.sizeBytes / 1_000).toFixed(1)} kB`);
    }
    expect(losses[0]).toMatchObject({ extent: 75, unit: '% of its pixels' });
    await made.close();
  });

  it('stays without loss where that fits, pixel for pixel', async () => {
    const part = await picture(folder.path, 'drawing.bmp', 64, 48);
    const { made, bytes, losses } = await fitted(part, { maxBytes: 100_000 }, only('image/png', 'image/jpeg'));
    expect(made.media.mimeType).toBe('image/png');
    expect(losses.map(({ kind }) => kind)).toEqual(['re-encoded']);
    const stored = Buffer.from(await part.bytes());
    const start = stored.readUInt32LE(10);
    const got = await pixels(bytes, 64, 48);
    // BMP holds its rows from the bottom up, as blue, green, red.
    const row = 64 * 3;
    for (const [x, y] of [
      [0, 0],
      [63, 0],
      [10, 40],
      [33, 20],
    ] as const) {
      const at = start + (47 - y) * row + x * 3;
      expect([...got.subarray(y * row + x * 3, y * row + x * 3 + 3)]).toEqual([
        stored[at + 2],
        stored[at + 1],
        stored[at],
      ]);
    }
    await made.close();
  });

  it('loses quality before it loses pixels', async () => {
    const part = await generated(
      folder.path,
      'noise.png',
      '-f',
      'lavfi',
      '-i',
      'mandelbrot=s=256x256:r=1',
      '-frames:v',
      '1',
    );
    const sizes: [number, number][] = [];
    for (const maxBytes of [60_000, 20_000, 9_000, 3_000]) {
      const { made, size } = await fitted(part, { maxBytes }, only('image/jpeg'));
      expect(made.media.sizeBytes).toBeLessThanOrEqual(maxBytes);
      sizes.push([size.width, made.media.sizeBytes]);
      await made.close();
    }
    expect(sizes.slice(0, 2).map(([width]) => width)).toEqual([256, 256]);
    expect(sizes[3]?.[0]).toBeLessThan(256);
    expect(sizes.map(([, bytes]) => bytes)).toEqual(sizes.map(([, bytes]) => bytes).sort((a, b) => b - a));
  });

  it('lies on white where a form knows no transparency, and keeps it where it does', async () => {
    const part = await generated(
      folder.path,
      'clear.png',
      '-f',
      'lavfi',
      '-i',
      'color=red:s=40x40,format=rgba,colorchannelmixer=aa=0',
      '-frames:v',
      '1',
    );
    const flat = await fitted(part, { maxSidePx: 20 }, only('image/jpeg'));
    for (const value of await pixels(flat.bytes, 4, 4)) expect(value).toBeGreaterThan(250);
    const clear = await fitted(part, { maxSidePx: 20 }, only('image/png'));
    expect(clear.bytes[25]).toBe(6);
    await flat.made.close();
    await clear.made.close();
  });

  it('says which frames of a moving picture are left out', async () => {
    const part = await generated(folder.path, 'moving.gif', '-f', 'lavfi', '-i', 'testsrc2=s=40x30:r=5:d=2');
    const { made, losses } = await fitted(part, {}, only('image/png'));
    expect(losses.map(({ kind }) => kind)).toEqual(['re-encoded', 'frames-sampled']);
    expect(losses[1]).toMatchObject({ extent: 9, unit: 'frames', before: expect.stringContaining('image/gif 40×30') });
    await made.close();
  });

  it('gets an edge where it is too long and thin, and grows where it is too small', async () => {
    const thin = await fitted(await picture(folder.path, 'thin.png', 600, 4), { maxRatio: 20 }, any);
    expect(thin.size).toMatchObject({ width: 600, height: 30 });
    expect(thin.losses[0]).toMatchObject({ kind: 're-encoded', message: expect.stringContaining('white edge') });
    expect([...(await pixels(thin.bytes, 600, 30)).subarray(0, 3)]).toEqual([255, 255, 255]);
    const tiny = await fitted(await picture(folder.path, 'tiny.png', 6, 4), { minSidePx: 11 }, any);
    expect(tiny.size).toMatchObject({ width: 18, height: 12 });
    expect(tiny.losses[0]).toMatchObject({ kind: 're-encoded', message: expect.stringContaining('enlarged') });
    await thin.made.close();
    await tiny.made.close();
  });
});

describe('a picture that is stored turned', () => {
  const [WIDTH, HEIGHT] = [48, 32];
  const COLOURS = [
    [255, 0, 0],
    [0, 200, 0],
    [0, 0, 255],
    [255, 255, 0],
  ] as const;
  /** Where the first row and the first column of the stored picture are in the upright one (Exif 2.3, table 6). */
  const SIDES = {
    1: ['top', 'left'],
    2: ['top', 'right'],
    3: ['bottom', 'right'],
    4: ['bottom', 'left'],
    5: ['left', 'top'],
    6: ['right', 'top'],
    7: ['right', 'bottom'],
    8: ['left', 'bottom'],
  } as const;

  const colourAt = (x: number, y: number) =>
    COLOURS[(y < HEIGHT / 2 ? 0 : 2) + (x < WIDTH / 2 ? 0 : 1)] as readonly number[];

  async function stored(orientation: keyof typeof SIDES): Promise<MediaPart> {
    const sides = SIDES[orientation];
    const [width, height] = orientation >= 5 ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
    const place = (side: string, number: number) =>
      ({
        top: { y: number },
        bottom: { y: HEIGHT - 1 - number },
        left: { x: number },
        right: { x: WIDTH - 1 - number },
      })[side];
    const raw = Buffer.alloc(width * height * 3);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const { x = 0, y = 0 } = { ...place(sides[0], row), ...place(sides[1], column) } as { x?: number; y?: number };
        raw.set(colourAt(x, y), (row * width + column) * 3);
      }
    }
    const [from, to] = [join(folder.path, `turned-${orientation}.raw`), join(folder.path, `turned-${orientation}.jpg`)];
    writeFileSync(from, raw);
    await ffmpeg('-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-i', from, '-q:v', '2', to);
    const exif = Buffer.from(
      'ffe1002245786966000049492a00080000000100120103000100000000000000000000000000'.slice(0, 72),
      'hex',
    );
    exif.writeUInt16LE(orientation, 28);
    const jpeg = readFileSync(to);
    writeFileSync(to, Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
    return taken(to);
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('comes out upright from orientation %i', async (orientation) => {
    const part = await stored(orientation);
    expect(imageSize(Buffer.from(await part.bytes())).orientation).toBe(orientation);
    for (const accepted of ['image/png', 'image/jpeg']) {
      const { made, bytes, size, losses } = await fitted(part, { maxSidePx: 24 }, only(accepted));
      expect(size).toMatchObject({ width: 24, height: 16 });
      expect(size.orientation ?? 1).toBe(1);
      expect(losses[0]?.before).toContain('48×32');
      const got = await pixels(bytes, 24, 16);
      for (const [x, y] of [
        [5, 3],
        [18, 3],
        [5, 12],
        [18, 12],
      ] as const) {
        const at = (y * 24 + x) * 3;
        const wanted = colourAt(x * 2, y * 2);
        for (let band = 0; band < 3; band++)
          expect(Math.abs((got[at + band] ?? 0) - (wanted[band] ?? 0))).toBeLessThan(12);
      }
      await made.close();
    }
  });
});

describe('random pictures and limits', () => {
  let parts: MediaPart[] = [];
  beforeAll(async () => {
    const shapes = [
      [3, 3, 'png'],
      [200, 7, 'bmp'],
      [90, 140, 'jpg'],
      [256, 256, 'tiff'],
      [11, 170, 'gif'],
    ] as const;
    parts = await Promise.all(
      shapes.map(([width, height, type]) => picture(folder.path, `random-${width}.${type}`, width, height)),
    );
  });

  it('give a picture within the limits, or a clear refusal, and leave no file behind', async () => {
    const before = folder.leftovers();
    const outcomes = { same: 0, made: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 4 }),
        fc.record(
          {
            maxBytes: fc.integer({ min: 300, max: 30_000 }),
            maxEncodedBytes: fc.integer({ min: 400, max: 30_000 }),
            minSidePx: fc.integer({ min: 1, max: 40 }),
            maxSidePx: fc.integer({ min: 8, max: 300 }),
            maxPixels: fc.integer({ min: 100, max: 70_000 }),
            maxRatio: fc.integer({ min: 1, max: 40 }),
          },
          { requiredKeys: [] },
        ),
        fc.subarray(['image/png', 'image/jpeg', 'image/gif', 'image/bmp'], { minLength: 1 }),
        async (index, limits, accepted) => {
          const part = parts[index] as MediaPart;
          const call = context();
          try {
            const [made] = await fitMedia(part, limits, only(...accepted), call);
            if (!made) throw new Error('no part');
            const bytes = Buffer.from(await made.bytes());
            const { width, height } = imageSize(bytes);
            expect(bytes.length).toBe(made.media.sizeBytes);
            expect(accepted).toContain(made.media.mimeType);
            expect(bytes.length).toBeLessThanOrEqual(limits.maxBytes ?? 1e9);
            expect(bytes.toString('base64').length).toBeLessThanOrEqual(limits.maxEncodedBytes ?? 1e9);
            expect(Math.min(width, height)).toBeGreaterThanOrEqual(limits.minSidePx ?? 1);
            expect(Math.max(width, height)).toBeLessThanOrEqual(limits.maxSidePx ?? 1e9);
            expect(width * height).toBeLessThanOrEqual(limits.maxPixels ?? 1e9);
            expect(Math.max(width, height) / Math.min(width, height)).toBeLessThanOrEqual(limits.maxRatio ?? 1e9);
            expect(call.losses.length > 0).toBe(made !== part);
            for (const loss of call.losses) expect(loss.before && loss.after).toBeTruthy();
            outcomes[made === part ? 'same' : 'made']++;
            if (made !== part) await made.close();
          } catch (error) {
            expect(error).toMatchObject({ code: 'native.cannot-fit', hint: expect.stringMatching(/\.$/) });
            expect(call.losses).toEqual([]);
            outcomes.refused++;
          }
        },
      ),
      { numRuns: 40, seed: 11 },
    );
    console.log('native pictures:', outcomes);
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(1);
    expect(folder.leftovers()).toBe(before);
  });
});
