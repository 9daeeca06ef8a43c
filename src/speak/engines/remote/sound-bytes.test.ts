import { describe, expect, it } from 'vitest';
import { wavFile, wavHeader } from '#kit/pcm.ts';
import { soundBytes } from './sound-bytes.ts';

const tone = (rateHz: number, ms: number) =>
  Float32Array.from({ length: (rateHz * ms) / 1000 }, (_, at) => Math.sin((2 * Math.PI * 440 * at) / rateHz) / 2);

function read(bytes: Uint8Array, step: number, options = { plainRateHz: 24_000, toHz: 24_000 }) {
  const reader = soundBytes(options);
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) out.push(reader.push(bytes.subarray(at, at + step)));
  out.push(reader.end());
  return { bytes: Buffer.concat(out), leftBytes: reader.leftBytes };
}

describe('sound from a server', () => {
  const wav = wavFile(tone(24_000, 50), 24_000);
  const pcm = wav.subarray(44);

  it.each([1, 3, 45, 100_000])('is the same however it is cut, with a header and without (%i)', (step) => {
    const whole = read(pcm, 100_000).bytes;
    expect(whole).toHaveLength(pcm.length);
    expect(read(wav, step).bytes).toEqual(whole);
    expect(read(pcm, step).bytes).toEqual(whole);
    // Half the range of a 16-bit step is all that reading and writing may cost.
    for (let at = 0; at < pcm.length; at += 2)
      expect(Math.abs(whole.readInt16LE(at) - pcm.readInt16LE(at))).toBeLessThan(2);
  });

  it('comes out at the rate wanted, whatever the header says', () => {
    for (const rateHz of [16_000, 22_050, 32_000, 48_000]) {
      const { bytes } = read(wavFile(tone(rateHz, 100), rateHz), 777);
      expect(bytes.length / 2).toBeCloseTo(2_400, -1);
    }
    expect(read(tonePcm(16_000), 500, { plainRateHz: 16_000, toHz: 24_000 }).bytes.length / 2).toBe(2_400);
  });

  it('ends where the header says, and goes on where it says nothing', () => {
    const note = Buffer.from('LIST\u0004\0\0\0abcd', 'latin1');
    expect(read(Buffer.concat([wav, note]), 64).bytes).toHaveLength(pcm.length);
    expect(read(Buffer.concat([wavHeader(24_000, null), pcm]), 64).bytes).toHaveLength(pcm.length);
    expect(read(Buffer.concat([wavHeader(24_000, 0), pcm]), 64).bytes).toHaveLength(pcm.length);
  });

  it('mixes channels, and tells what was half a sample', () => {
    const stereo = Buffer.from(wavFile(Float32Array.of(0.5, -0.5, 0.25, 0.75), 24_000));
    stereo.writeUInt16LE(2, 22);
    const { bytes } = read(stereo, 7);
    expect(bytes.length).toBe(4);
    expect(bytes.readInt16LE(0)).toBe(0);
    expect(bytes.readInt16LE(2) / 32_768).toBeCloseTo(0.5, 3);
    expect(read(pcm.subarray(0, 5), 2).leftBytes).toBe(1);
  });

  it('refuses a WAV of another kind than 16-bit PCM', () => {
    const float = Buffer.from(wav);
    float.writeUInt16LE(3, 20);
    float.writeUInt16LE(32, 34);
    expect(() => read(float, 100)).toThrow(/32 bits/);
  });
});

function tonePcm(rateHz: number): Uint8Array {
  return wavFile(tone(rateHz, 100), rateHz).subarray(44);
}
