import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveVoice } from '../../voices.ts';
import { trimEdges } from './edges.ts';
import { styleFor } from './style.ts';
import { splitPhonemes, toTokens } from './tokens.ts';
import { KOKORO_VOICES } from './voices.ts';

describe('splitPhonemes', () => {
  it('leaves short ones whole', () => {
    expect(splitPhonemes(' hˈɛlO ')).toEqual(['hˈɛlO']);
    expect(splitPhonemes('')).toEqual([]);
  });

  it('cuts at the last pause of the second half, else between words, else anywhere', () => {
    expect(splitPhonemes('aaaa, bbbb cccc', 10)).toEqual(['aaaa,', 'bbbb cccc']);
    expect(splitPhonemes('aaaa bbbb cccc', 10)).toEqual(['aaaa bbbb', 'cccc']);
    expect(splitPhonemes('aaaaaaaaaaaa', 5)).toEqual(['aaaaa', 'aaaaa', 'aa']);
  });

  it('keeps every symbol but blanks, in order, within the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'aˈʧ ,. ')), fc.integer({ min: 2, max: 20 }), (symbols, max) => {
        const parts = splitPhonemes(symbols.join(''), max);
        expect(parts.join('').replaceAll(' ', '')).toBe(symbols.join('').replaceAll(' ', ''));
        for (const part of parts) expect([...part].length).toBeLessThanOrEqual(max);
      }),
    );
  });
});

it('turns phonemes into tokens and tells what the vocabulary lacks', () => {
  expect(toTokens('aˈ№b', { a: 5, ˈ: 7, b: 9 })).toEqual({ tokens: [5, 7, 9], unknown: ['№'] });
});

describe('trimEdges', () => {
  const rate = 24_000;
  const tone = (ms: number) => Float32Array.from({ length: (rate * ms) / 1000 }, (_, i) => 0.5 * Math.sin(i / 8));
  const silence = (ms: number) => new Float32Array((rate * ms) / 1000);
  const joined = (...parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]));

  it('leaves fixed pads around the sound, whatever the silence was', () => {
    const pad = { leadMs: 20, tailMs: 40 };
    for (const [lead, tail] of [
      [300, 500],
      [100, 50],
    ] as const) {
      const trimmed = trimEdges(joined(silence(lead), tone(200), silence(tail)), rate, pad);
      expect((trimmed.length / rate) * 1000).toBeCloseTo(260, -1);
    }
    expect(trimEdges(joined(tone(200)), rate, pad).length).toBe((rate * 200) / 1000);
  });

  it('keeps pauses inside, fades the ends and gives nothing for silence', () => {
    const trimmed = trimEdges(joined(tone(100), silence(200), tone(100)), rate, { leadMs: 0, tailMs: 0 });
    expect((trimmed.length / rate) * 1000).toBeCloseTo(400, -1);
    expect(Math.abs(trimmed[0] ?? 1)).toBeLessThan(0.01);
    expect(Math.abs(trimmed.at(-1) ?? 1)).toBeLessThan(0.01);
    expect(trimEdges(silence(100), rate, { leadMs: 20, tailMs: 20 })).toHaveLength(0);
    expect(trimEdges(new Float32Array(), rate, { leadMs: 20, tailMs: 20 })).toHaveLength(0);
  });
});

describe('styleFor', () => {
  const voice = Float32Array.from({ length: 510 * 256 }, (_, i) => Math.floor(i / 256));

  it('takes rhythm from the row of the length and timbre from a long one', () => {
    const short = styleFor(voice, 10);
    expect([short[0], short[127], short[128], short[255]]).toEqual([120, 120, 9, 9]);
    const long = styleFor(voice, 300);
    expect([long[0], long[255]]).toEqual([299, 299]);
    expect(styleFor(voice, 510)[255]).toBe(509);
    expect(() => styleFor(new Float32Array(10), 3)).toThrow('510');
  });
});

describe('voices', () => {
  it('are 28, each with a short name of its own', () => {
    expect(KOKORO_VOICES).toHaveLength(28);
    for (const voice of KOKORO_VOICES) expect(resolveVoice(KOKORO_VOICES, voice.name).id).toBe(voice.id);
  });

  it('are found by id and name in any case, and a near miss is answered with the name', () => {
    expect(resolveVoice(KOKORO_VOICES, 'AF_Heart').id).toBe('af_heart');
    expect(() => resolveVoice(KOKORO_VOICES, 'hart')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('heart') }),
    );
    expect(() => resolveVoice(KOKORO_VOICES, 'xiaobei')).toThrow(
      expect.objectContaining({ code: 'speak.unknown-voice', hint: '`sensorium voices list` shows all.' }),
    );
  });

  it('ask which one when two share a name', () => {
    const two = [...KOKORO_VOICES, { ...(KOKORO_VOICES[0] as (typeof KOKORO_VOICES)[0]), id: 'zz_alloy' }];
    expect(() => resolveVoice(two, 'alloy')).toThrow(
      expect.objectContaining({ hint: 'Say which one: af_alloy, zz_alloy.' }),
    );
  });
});
