import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, SoundFinding } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { MediaPart, SampleCounts } from '#contract/media.ts';
import { examineVoiceDetector } from './conformance.ts';
import { fakeVoiceDetector } from './fake.ts';
import { probe } from './index.ts';
import { levelMeter } from './levels.ts';
import { FRAME_MS, spanBuilder } from './spans.ts';

const RATE = 16_000;

/** A tone of an amplitude for each second given. */
function seconds(...amplitudes: number[]): Float32Array {
  return Float32Array.from({ length: amplitudes.length * RATE }, (_, at) => {
    const amplitude = amplitudes[Math.floor(at / RATE)] as number;
    return amplitude * Math.sin((2 * Math.PI * 440 * at) / RATE);
  });
}

function partOf(pcm: Float32Array, counts?: SampleCounts): MediaPart {
  return {
    media: {
      part: 'part-1',
      kind: 'audio',
      name: 'a.wav',
      source: 'bytes',
      mimeType: 'audio/wav',
      sizeBytes: 1,
      sha256: '0'.repeat(64),
    },
    sound: {
      sampleRateHz: 16_000,
      async *pcm() {
        for (let at = 0; at < pcm.length; at += 3_000) yield pcm.slice(at, at + 3_000);
      },
      ...(counts ? { counts: () => counts } : {}),
    },
    bytes: async () => new Uint8Array(),
    async *stream() {},
    close: async () => {},
  };
}

async function probed(part: MediaPart): Promise<{ finding: Finding; losses: Loss[] }> {
  const losses: Loss[] = [];
  const options = { detector: fakeVoiceDetector(), signal: new AbortController().signal };
  return { finding: await probe(part, { ...options, note: (loss) => losses.push(loss) }), losses };
}

examineVoiceDetector(
  'fake',
  async () => fakeVoiceDetector(),
  async () => ({
    pcm: seconds(0, 0.5, 0, 0.5),
    speech: [
      { startMs: 1_000, endMs: 2_000 },
      { startMs: 3_000, endMs: 4_000 },
    ],
  }),
);

describe('probe', () => {
  it('says how long, where a voice is, how loud and how clean', async () => {
    const { finding, losses } = await probed(partOf(seconds(0.005, 0.5, 0.005, 0.005)));
    expect(SoundFinding.parse(finding)).toEqual(finding);
    expect(finding).toMatchObject({
      part: 'part-1',
      kind: 'sound',
      durationMs: 4_000,
      speechSource: 'fake',
      clippedRatio: 0,
      invalidSamples: 0,
      peakDb: -6,
    });
    const { speech, speechRatio, rmsDb, snrDb } = finding as SoundFinding;
    expect(speech).toHaveLength(1);
    expect(speechRatio).toBeCloseTo(0.3, 1);
    // A sine of amplitude 0.5 has -9.0 dB; the padding around it lowers the mean by a tenth of its share.
    expect(rmsDb).toBeGreaterThan(-10.5);
    expect(rmsDb).toBeLessThan(-9);
    expect(snrDb).toBeGreaterThan(38);
    expect(snrDb).toBeLessThan(41);
    expect(losses).toEqual([]);
  });

  it('has no signal-to-noise ratio without a voice, without a pause, or over digital silence', async () => {
    for (const amplitudes of [
      [0.001, 0.001],
      [0.5, 0.5],
      [0.5, 0, 0],
    ]) {
      expect((await probed(partOf(seconds(...amplitudes)))).finding).toMatchObject({ snrDb: null });
    }
    expect((await probed(partOf(seconds(0, 0)))).finding).toMatchObject({
      rmsDb: null,
      peakDb: null,
      speech: [],
      speechRatio: 0,
    });
  });

  it('notes what is wrong as losses', async () => {
    const counts = { total: 1_000, invalid: 3, clipped: 20 };
    const { finding, losses } = await probed(partOf(seconds(0.008, 0.02, 0.008, 0.02), counts));
    expect(finding).toMatchObject({ clippedRatio: 0.02, invalidSamples: 3 });
    expect(losses.map(({ kind, stage, part }) => [kind, stage, part])).toEqual([
      ['clipped', 'probe', 'part-1'],
      ['noisy', 'probe', 'part-1'],
      ['invalid-samples', 'probe', 'part-1'],
    ]);
  });

  it('counts clipping itself where the sound does not', async () => {
    const { finding } = await probed(partOf(seconds(0.5).map((x) => Math.max(-1, Math.min(1, x * 4)))));
    const { clippedRatio } = finding as SoundFinding;
    expect(clippedRatio).toBeGreaterThan(0.6);
    expect(clippedRatio).toBeLessThan(0.7);
  });

  it('says of other parts that nobody looked', async () => {
    const { sound: _, ...silent } = partOf(seconds(0));
    const image: MediaPart = { ...silent, media: { ...silent.media, kind: 'image' } };
    expect((await probed(image)).finding).toEqual({
      part: 'part-1',
      kind: 'unread',
      reason: 'nothing here looks into image parts yet',
    });
  });
});

describe('spans', () => {
  const probabilities = fc.array(fc.constantFrom(0, 0.1, 0.2, 0.3, 0.5, 0.9), { maxLength: 400 });

  it('are in order, apart, inside, and hold every sure run of 100 ms', () => {
    fc.assert(
      fc.property(probabilities, (frames) => {
        const builder = spanBuilder();
        frames.forEach((probability) => {
          builder.push(probability);
        });
        const durationMs = frames.length * FRAME_MS;
        const spans = builder.end(durationMs);
        spans.forEach((span, at) => {
          expect(span.startMs).toBeGreaterThanOrEqual(spans[at - 1]?.endMs ?? 0);
          expect(span.endMs).toBeGreaterThan(span.startMs);
          expect(span.endMs).toBeLessThanOrEqual(durationMs);
        });
        frames.forEach((_, at) => {
          if (!frames.slice(at, at + 4).every((value) => value >= 0.5) || at + 4 > frames.length) return;
          const covering = spans.filter(
            ({ startMs, endMs }) => startMs <= at * FRAME_MS && endMs >= (at + 4) * FRAME_MS,
          );
          expect(covering).toHaveLength(1);
        });
      }),
    );
  });

  it('need one sure frame, reach over soft frames and short gaps, and leave clicks out', () => {
    const of = (text: string) => {
      const builder = spanBuilder();
      for (const digit of text) builder.push(Number(digit) / 10);
      return builder.end(text.length * FRAME_MS).length;
    };
    expect(of('0000444444440000')).toBe(0);
    expect(of('0000222292220000')).toBe(1);
    expect(of('0000090000000000')).toBe(0);
    expect(of('0999900000000999900000000')).toBe(1);
    expect(of('099990000000000099990')).toBe(2);
  });
});

it('a level meter does not depend on how the sound is cut', async () => {
  const pcm = seconds(0.1, 0.6, 0.05);
  const measured = async (size: number) => {
    const meter = levelMeter();
    async function* cut() {
      for (let at = 0; at < pcm.length; at += size) yield pcm.subarray(at, at + size);
    }
    for await (const _ of meter.through(cut()));
    return meter.levels([{ startMs: 1_000, endMs: 2_000 }]);
  };
  const whole = await measured(pcm.length);
  for (const size of [7, 511, 512, 4_000]) expect(await measured(size)).toEqual(whole);
});
