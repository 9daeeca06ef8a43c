import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSensoriumError } from '#contract/error.ts';
import type { Pixels } from '#contract/media.ts';
import { claims } from '../../media/__fixtures__/pictures.ts';
import { findFfmpeg } from '../ffmpeg.ts';
import { flattened } from './flatten.ts';
import { decodePicture, type PictureSource } from './picture.ts';
import { crop, encodeJpeg, encodePng, resize, rotate } from './shape.ts';
import { loadSharp } from './sharp.ts';

const sharp = await loadSharp();
const limits = { maxPixels: 1_000_000, signal: new AbortController().signal };
const open = (source: PictureSource, more = {}) => decodePicture(source, { ...limits, ...more });

// Left half red, right half blue, 8 × 4.
const rgb = new Uint8Array(8 * 4 * 3);
for (let at = 0; at < 32; at += 1) rgb[at * 3 + (at % 8 < 4 ? 0 : 2)] = 255;
const flag: Pixels = { widthPx: 8, heightPx: 4, rgb };
const flagOf = () => sharp(rgb, { raw: { width: 8, height: 4, channels: 3 } });

const near = (pixels: Pixels, x: number, y: number, wanted: readonly number[], by = 12) => {
  const at = (y * pixels.widthPx + x) * 3;
  for (const [channel, value] of wanted.entries()) {
    expect(Math.abs((pixels.rgb[at + channel] ?? 0) - value)).toBeLessThanOrEqual(by);
  }
};

describe('decodePicture', () => {
  it.each([
    ['PNG', () => flagOf().png().toBuffer()],
    ['PNG with 16 bits', () => flagOf().toColourspace('rgb16').png().toBuffer()],
    ['WebP', () => flagOf().webp({ lossless: true }).toBuffer()],
    ['TIFF', () => flagOf().tiff({ compression: 'lzw' }).toBuffer()],
    ['GIF', () => flagOf().gif().toBuffer()],
    ['AVIF', () => flagOf().avif({ lossless: true }).toBuffer()],
    ['JPEG', () => flagOf().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()],
  ])('decodes %s', async (_, make) => {
    const picture = await open(await make());
    expect(picture).toMatchObject({ widthPx: 8, heightPx: 4, frames: 1, animated: false });
    const pixels = await picture.pixels();
    expect(pixels).toMatchObject({ widthPx: 8, heightPx: 4 });
    expect(pixels.rgb).toHaveLength(96);
    near(pixels, 0, 1, [255, 0, 0]);
    near(pixels, 7, 3, [0, 0, 255]);
  });

  it('turns CMYK and grey into RGB', async () => {
    const cmyk = await (await open(await flagOf().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer())).pixels();
    expect(cmyk.rgb).toHaveLength(96);
    near(cmyk, 0, 1, [255, 0, 0], 60);
    const grey = await (await open(await flagOf().greyscale().png().toBuffer())).pixels();
    expect(grey.rgb).toHaveLength(96);
    expect(new Set(grey.rgb.subarray(0, 3)).size).toBe(1);
  });

  it('puts it upright as EXIF says', async () => {
    const turned = await open(await flagOf().withMetadata({ orientation: 6 }).png().toBuffer());
    expect(turned).toMatchObject({ widthPx: 4, heightPx: 8 });
    const pixels = await turned.pixels();
    expect(pixels).toMatchObject({ widthPx: 4, heightPx: 8 });
    near(pixels, 1, 0, [255, 0, 0]);
    near(pixels, 1, 7, [0, 0, 255]);
  });

  it('opens the pages of a TIFF and tells the frames of an animation apart', async () => {
    const frame = (shade: number) => ({
      create: { width: 20, height: 10, channels: 3 as const, background: { r: shade, g: 0, b: 0 } },
    });
    const shades = [0, 0, 200, 200, 90];
    const gif = await sharp(await Promise.all(shades.map((shade) => sharp(frame(shade)).png().toBuffer())), {
      join: { animated: true },
    })
      .gif({ delay: 100 })
      .toBuffer();
    const picture = await open(gif);
    expect(picture).toMatchObject({ widthPx: 20, heightPx: 10, animated: true });
    const frames = await picture.distinctFrames(10);
    const found = await Promise.all(frames.map(async (at) => (await picture.pixels(at)).rgb[0] ?? 0));
    expect(found.map((shade) => Math.round(shade / 10))).toEqual([0, 20, 9]);
    expect(await picture.distinctFrames(2)).toHaveLength(2);
    expect((await picture.pixels(frames[1])).heightPx).toBe(10);
    await expect(picture.pixels(99)).rejects.toMatchObject({ code: 'see.cannot-decode' });
  });

  it('compares a thousand frames in one pass', async () => {
    const frames = await (await open(claims.gif?.(600, 400, 1_000) ?? Buffer.alloc(0))).distinctFrames(10);
    expect(frames).toEqual([0]);
  });

  it('refuses what is larger than allowed before it decodes it', async () => {
    const head = Buffer.from(await flagOf().png().toBuffer());
    head.writeUInt32BE(50_000, 16);
    head.writeUInt32BE(50_000, 20);
    const crc = crcOf(head.subarray(12, 29));
    head.writeUInt32BE(crc, 29);
    await expect(open(head)).rejects.toMatchObject({ code: 'see.too-large', details: { widthPx: 50_000 } });
    await expect(open(await flagOf().png().toBuffer(), { maxPixels: 31 })).rejects.toMatchObject({
      code: 'see.too-large',
    });
  });

  it('says what it cannot decode, and why', async () => {
    const noise = Buffer.from(Uint8Array.from({ length: 300 * 300 * 3 }, (_, at) => (at * 7919) % 251));
    const whole = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
      .jpeg()
      .toBuffer();
    const cut = await open(whole.subarray(0, whole.length / 2));
    await expect(cut.pixels()).rejects.toMatchObject({
      code: 'see.cannot-decode',
      hint: expect.stringContaining('PNG'),
    });
    await expect(open(Buffer.from('not a picture'))).rejects.toMatchObject({ code: 'see.unsupported' });
    await expect(open(Buffer.alloc(0))).rejects.toMatchObject({ code: expect.stringMatching(/^see\./) });
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>';
    await expect(open(Buffer.from(svg))).rejects.toMatchObject({ code: 'see.unsupported' });
    await expect(open('/no/such/file')).rejects.toMatchObject({ code: 'see.cannot-decode' });
    await expect(open(whole, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'kit.cancelled' });
    // It still works afterwards.
    expect((await (await open(whole)).pixels()).widthPx).toBe(300);
  });

  it('never fails with anything but its own errors', async () => {
    const good = await flagOf().png().toBuffer();
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Buffer.from(good);
        bytes[at] = value;
        try {
          const pixels = await (await open(bytes)).pixels();
          expect(pixels.rgb).toHaveLength(pixels.widthPx * pixels.heightPx * 3);
        } catch (error) {
          if (!isSensoriumError(error)) throw error;
          expect(error.code).toMatch(/^see\./);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('opens files, and BMP where ffmpeg is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
    try {
      const path = join(folder, 'flag');
      await writeFile(path, await flagOf().png().toBuffer());
      near(await (await open(path)).pixels(), 0, 0, [255, 0, 0]);
      await writeFile(path, bmpOf(flag));
      const bmp = open(path);
      if (await findFfmpeg()) near(await (await bmp).pixels(), 7, 3, [0, 0, 255]);
      else await expect(bmp).rejects.toMatchObject({ code: 'see.unsupported' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('flattened', () => {
  const spots = (colour: readonly number[]) => Uint8Array.from([...colour, 255, 0, 0, 0, 0]);
  it('lays dark things on white and light things on black', () => {
    expect([...flattened(spots([0, 0, 0]), 4)]).toEqual([0, 0, 0, 255, 255, 255]);
    expect([...flattened(spots([250, 250, 250]), 4)]).toEqual([250, 250, 250, 0, 0, 0]);
    expect([...flattened(Uint8Array.of(10, 255, 10, 0), 2)]).toEqual([10, 10, 10, 255, 255, 255]);
    expect([...flattened(Uint8Array.of(7), 1)]).toEqual([7, 7, 7]);
  });
});

describe('shapes', () => {
  it('come back from files as they were', async () => {
    const back = await (await open(await encodePng(flag))).pixels();
    expect(back).toEqual(flag);
    expect((await open(await encodeJpeg(flag))).format).toBe('jpeg');
  });

  it('are resized, turned and cropped', async () => {
    expect(await resize(flag, 16, 8)).toMatchObject({ widthPx: 16, heightPx: 8 });
    const turned = await rotate(flag, 90);
    expect(turned).toMatchObject({ widthPx: 4, heightPx: 8 });
    near(turned, 0, 0, [255, 0, 0]);
    const right = await crop(flag, { left: 4, top: 1, widthPx: 40, heightPx: 2 });
    expect(right).toMatchObject({ widthPx: 4, heightPx: 2 });
    near(right, 0, 0, [0, 0, 255]);
  });
});

// CRC-32 as PNG has it (ISO 3309).
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A Windows bitmap with 24 bits a pixel. */
function bmpOf({ widthPx, heightPx, rgb }: Pixels): Uint8Array {
  const row = Math.ceil((widthPx * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + row * heightPx);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(widthPx, 18);
  bytes.writeInt32LE(heightPx, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const from = (y * widthPx + x) * 3;
      const to = 54 + (heightPx - 1 - y) * row + x * 3;
      bytes.set([rgb[from + 2] ?? 0, rgb[from + 1] ?? 0, rgb[from] ?? 0], to);
    }
  }
  return bytes;
}
