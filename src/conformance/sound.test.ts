import { describe, expect, it } from 'vitest';
import { wavFile } from '#kit/pcm.ts';
import { measureSound, tone } from './sound.ts';

/** Frames of MPEG-1 layer III, 128 kbit/s, 44.1 kHz: each 417 bytes and 1152 samples. */
const mp3 = (frames: number) =>
  Buffer.concat(
    Array.from({ length: frames }, () => Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)])),
  );

describe('measureSound', () => {
  it('measures a WAV by its header, and refuses one that is shorter than it says', () => {
    const wav = wavFile(new Float32Array(8_000), 16_000);
    expect(measureSound(wav)).toEqual({ format: 'wav', durationMs: 500, rateHz: 16_000 });
    expect(measureSound(wav.subarray(0, -2))).toBeNull();
    expect(measureSound(wav.subarray(0, 30))).toBeNull();
  });

  it('measures an MP3 by its frames, with and without tags around them', () => {
    const tagged = Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\0\x05'), Buffer.alloc(5), mp3(10), Buffer.from('TAG')]);
    for (const bytes of [mp3(10), tagged]) {
      expect(measureSound(bytes)?.durationMs).toBeCloseTo((10 * 1152 * 1000) / 44_100, 6);
    }
    expect(measureSound(Buffer.concat([mp3(2), Buffer.alloc(100, 7)]))).toBeNull();
  });

  it('knows no other bytes', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello there'), Buffer.from('OggS'), tone(20, 16_000)])
      expect(measureSound(bytes)).toBeNull();
  });
});
