import { expect, it } from 'vitest';
import { withoutHeader } from './wav-piece.ts';

/** A WAV of four samples (RIFF), with a chunk nobody needs before its samples. */
function wav({ rateHz = 24_000, channels = 1, bits = 16 } = {}): Buffer {
  const chunk = (name: string, content: Buffer) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(content.length);
    return Buffer.concat([Buffer.from(name), size, content, Buffer.alloc(content.length % 2)]);
  };
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rateHz, 4);
  format.writeUInt16LE(bits, 14);
  const chunks = [chunk('fmt ', format), chunk('LIST', Buffer.from('odd')), chunk('data', SAMPLES)];
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));
}
const SAMPLES = Buffer.from([1, 0, 2, 0, 3, 0, 4, 0]);

it('takes the header off, so that pieces join', () => {
  expect(withoutHeader(wav().toString('base64'))).toBe(SAMPLES.toString('base64'));
});

it.each([{ rateHz: 16_000 }, { channels: 2 }, { bits: 24 }])('leaves a piece of another kind as it is: %j', (kind) => {
  const piece = wav(kind).toString('base64');
  expect(withoutHeader(piece)).toBe(piece);
});

it.each([SAMPLES, wav().subarray(0, 30), Buffer.from('RIFF')])('leaves what is no whole WAV as it is', (bytes) => {
  expect(withoutHeader(bytes.toString('base64'))).toBe(bytes.toString('base64'));
});
