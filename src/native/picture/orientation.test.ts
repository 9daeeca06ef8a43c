import { describe, expect, it } from 'vitest';
import type { Window } from '#kit/picture/window.ts';
import { orientationOf } from './orientation.ts';

const over = (bytes: Buffer): Window => ({
  sizeBytes: bytes.length,
  read: async (at, length) => bytes.subarray(at, at + length),
});

/** A TIFF with another entry before the orientation. */
function directory(order: 'II' | 'MM', value: number, offset = 8): Buffer {
  const bytes = Buffer.alloc(offset + 2 + 24 + 4);
  const short = (at: number, number: number) =>
    order === 'II' ? bytes.writeUInt16LE(number, at) : bytes.writeUInt16BE(number, at);
  bytes.write(order);
  short(2, 42);
  if (order === 'II') bytes.writeUInt32LE(offset, 4);
  else bytes.writeUInt32BE(offset, 4);
  short(offset, 2);
  short(offset + 2, 0x010f);
  short(offset + 14, 0x0112);
  short(offset + 16, 3);
  short(offset + 22, value);
  return bytes;
}

const be16 = (number: number) => Buffer.from([number >> 8, number & 255]);
const be32 = (number: number) => Buffer.concat([be16(number >>> 16), be16(number & 0xffff)]);
const segment = (marker: number, body: Buffer) =>
  Buffer.concat([Buffer.from([0xff, marker]), be16(body.length + 2), body]);
const exif = (tiff: Buffer) => Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);

const containers: Readonly<Record<string, (tiff: Buffer) => Buffer>> = {
  'image/tiff': (tiff) => tiff,
  'image/jpeg': (tiff) =>
    Buffer.concat([
      Buffer.from('ffd8', 'hex'),
      segment(0xe0, Buffer.alloc(14)),
      Buffer.from([0xff]),
      segment(0xe1, exif(tiff)),
      segment(0xda, Buffer.alloc(10)),
    ]),
  'image/png': (tiff) => {
    const chunk = (name: string, body: Buffer) =>
      Buffer.concat([be32(body.length), Buffer.from(name), body, Buffer.alloc(4)]);
    return Buffer.concat([
      Buffer.alloc(8),
      chunk('IHDR', Buffer.alloc(13)),
      chunk('IDAT', Buffer.alloc(3)),
      chunk('eXIf', tiff),
    ]);
  },
  'image/webp': (tiff) => {
    const chunk = (name: string, body: Buffer) => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(body.length);
      return Buffer.concat([Buffer.from(name), size, body, Buffer.alloc(body.length % 2)]);
    };
    return Buffer.concat([Buffer.alloc(12), chunk('VP8 ', Buffer.alloc(7)), chunk('EXIF', exif(tiff))]);
  },
};

describe.each(Object.entries(containers))('%s', (mimeType, wrap) => {
  it.each(['II', 'MM'] as const)('tells all eight in byte order %s', async (order) => {
    for (let value = 1; value <= 8; value++) {
      expect(await orientationOf(over(wrap(directory(order, value))), mimeType)).toBe(value);
    }
  });

  it('counts as upright when it tells none, nonsense, or is cut off anywhere', async () => {
    expect(await orientationOf(over(wrap(directory('II', 9))), mimeType)).toBe(1);
    const whole = wrap(directory('MM', 6));
    for (let length = 0; length < whole.length - 20; length++) {
      expect(await orientationOf(over(whole.subarray(0, length)), mimeType)).toBeOneOf([1, 6]);
    }
    expect(await orientationOf(over(Buffer.alloc(100)), mimeType)).toBe(1);
  });
});

it('knows no orientation of other kinds', async () => {
  expect(await orientationOf(over(directory('II', 6)), 'image/bmp')).toBe(1);
});
