import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KindLimits } from '#contract/capabilities.ts';
import type { MediaPart } from '#contract/media.ts';
import { context, generated, received, recording, testFolder } from '../__fixtures__/media.ts';
import { fitMedia } from '../index.ts';

const folder = testFolder();
const any = () => true;
const only =
  (...mimeTypes: string[]) =>
  ({ mimeType }: { readonly mimeType: string }) =>
    mimeTypes.includes(mimeType);

async function samplesOf({ sound }: MediaPart): Promise<Float32Array> {
  const pieces: Float32Array[] = [];
  for await (const piece of sound?.pcm() ?? []) pieces.push(piece.slice());
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

/** The length of a made part as its receiver decodes it. */
async function decodedMs(part: MediaPart): Promise<number> {
  const again = await received(part);
  const { length } = await samplesOf(again);
  await again.close();
  return length / 16;
}

async function fitted(
  part: MediaPart,
  limits: KindLimits | undefined,
  accepts: (form: { readonly mimeType: string }) => boolean,
) {
  const call = context();
  const made = await fitMedia(part, limits, accepts, call);
  return { made, losses: call.losses };
}

const closeAll = async (parts: readonly MediaPart[]) => {
  for (const part of parts) await part.close();
};

let talk: MediaPart;
beforeAll(async () => {
  talk = await recording(folder.path, 'talk.wav', 12, [3.8, 6.2, 8.2]);
});
afterAll(() => talk.close());

it('is the very same part where it fits, and nothing is noted', async () => {
  for (const limits of [
    undefined,
    {},
    { maxBytes: 1e6 },
    { minDurationMs: 12_000, maxDurationMs: 12_000, maxCount: 1 },
  ]) {
    expect(await fitted(talk, limits, any)).toEqual({ made: [talk], losses: [] });
  }
});

describe('a recording that is too long', () => {
  it('is split in its pauses, and nothing of it is lost', async () => {
    const { made, losses } = await fitted(talk, { maxDurationMs: 5_000 }, any);
    expect(made.map(({ media }) => media.name)).toEqual(['talk-1.wav', 'talk-2.wav', 'talk-3.wav']);
    const whole = await samplesOf(talk);
    const pieces = await Promise.all(made.map(received));
    const again = (await Promise.all(pieces.map(samplesOf))).flatMap((piece) => [...piece]);
    expect(again.length).toBe(whole.length);
    again.forEach((value, at) => {
      if (Math.abs(value - (whole[at] ?? 0)) > 1e-3) throw new Error(`sample ${at} differs`);
    });
    for (const piece of pieces.slice(0, -1)) {
      const ending = (await samplesOf(piece)).slice(-800);
      expect(Math.max(...ending.map(Math.abs))).toBe(0);
    }
    // What a made part lets others hear is what is in its file.
    expect((await samplesOf(made[1] as MediaPart)).length).toBe((await samplesOf(pieces[1] as MediaPart)).length);
    expect(losses).toMatchObject([
      {
        kind: 're-encoded',
        stage: 'native',
        part: 'part-1',
        before: 'audio/wav 12.0 s, 384.0 kB',
        after: '3 × audio/wav 16 kHz mono, 12.0 s, 384.1 kB',
      },
    ]);
    await closeAll([...made, ...pieces]);
  });

  it('is cut where the model takes too few pieces, and says what was left out', async () => {
    const { made, losses } = await fitted(talk, { maxDurationMs: 6_000, maxCount: 1 }, any);
    expect(made.length).toBe(1);
    const keptMs = await decodedMs(made[0] as MediaPart);
    expect(keptMs).toBeGreaterThan(4_000);
    expect(losses.map(({ kind }) => kind)).toEqual(['re-encoded', 'truncated']);
    expect(losses[1]).toMatchObject({ unit: 'ms', extent: 12_000 - keptMs, time: { startMs: keptMs, endMs: 12_000 } });
    await closeAll(made);
  });

  it('comes in at most 16 pieces where nobody knows how many the model takes', async () => {
    const { made, losses } = await fitted(talk, { maxDurationMs: 600 }, any);
    expect(made.length).toBe(16);
    expect(losses.map(({ kind }) => kind)).toEqual(['re-encoded', 'truncated']);
    await closeAll(made);
  });
});

it('is filled up with silence where it is too short', async () => {
  const { made, losses } = await fitted(talk, { minDurationMs: 13_000 }, any);
  expect(await decodedMs(made[0] as MediaPart)).toBe(13_000);
  expect(losses[0]).toMatchObject({ kind: 're-encoded', message: expect.stringContaining('silence') });
  await closeAll(made);
});

it('loses quality before it is split, and none where it need not', async () => {
  const wav = await fitted(
    await generated(folder.path, 'tone.ogg', '-f', 'lavfi', '-i', 'sine=d=3', '-c:a', 'libvorbis'),
    {},
    only('audio/wav', 'audio/mpeg'),
  );
  expect(wav.made[0]?.media).toMatchObject({ mimeType: 'audio/wav', name: 'tone.wav' });
  const mp3 = await fitted(talk, { maxEncodedBytes: 90_000 }, only('audio/wav', 'audio/mpeg'));
  expect(mp3.made.map(({ media }) => media.mimeType)).toEqual(['audio/mpeg']);
  expect(mp3.losses[0]?.after).toContain('kb/s');
  const flac = await fitted(talk, {}, only('audio/flac'));
  expect(flac.made[0]?.media.mimeType).toBe('audio/flac');
  await closeAll([...wav.made, ...mp3.made, ...flac.made]);
});

it('is refused with a way out where no piece would do', async () => {
  for (const limits of [{ maxBytes: 500 }, { maxDurationMs: 100 }, { minDurationMs: 20_000, maxDurationMs: 5_000 }]) {
    await expect(fitted(talk, limits, any)).rejects.toMatchObject({
      code: 'native.cannot-fit',
      hint: expect.stringMatching(/\.$/),
    });
  }
  const { sound: _, ...silent } = talk;
  await expect(fitted(silent, { maxDurationMs: 100 }, any)).rejects.toMatchObject({ code: 'native.cannot-fit' });
});

it('needs no ffmpeg for WAV, and says so where it does', async () => {
  const call = { ...context(), tools: { ffmpeg: async () => null } };
  const made = await fitMedia(talk, { maxDurationMs: 7_000 }, only('audio/wav'), call);
  expect(made.length).toBe(2);
  await closeAll(made);
  await expect(fitMedia(talk, {}, only('audio/mpeg'), call)).rejects.toMatchObject({
    code: 'native.cannot-fit',
    hint: expect.stringContaining('Install ffmpeg'),
  });
});

it('random lengths and limits give pieces within them, or a clear refusal, and leave no file behind', async () => {
  const parts = await Promise.all(
    [0.2, 1.3, 4, 9.7].map((seconds) => recording(folder.path, `r${seconds}.wav`, seconds, [1, 3, 6])),
  );
  const before = folder.leftovers();
  const outcomes = { same: 0, made: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 3 }),
      fc.record(
        {
          maxBytes: fc.integer({ min: 2_000, max: 300_000 }),
          maxEncodedBytes: fc.integer({ min: 3_000, max: 300_000 }),
          maxCount: fc.integer({ min: 1, max: 6 }),
          minDurationMs: fc.integer({ min: 1, max: 2_000 }),
          maxDurationMs: fc.integer({ min: 700, max: 9_000 }),
        },
        { requiredKeys: [] },
      ),
      fc.subarray(['audio/wav', 'audio/mpeg'], { minLength: 1 }),
      async (index, limits, accepted) => {
        const part = parts[index] as MediaPart;
        const call = context();
        try {
          const made = await fitMedia(part, limits, only(...accepted), call);
          expect(made.length).toBeLessThanOrEqual(limits.maxCount ?? 16);
          for (const piece of made) {
            const ms = await decodedMs(piece);
            expect(accepted).toContain(piece.media.mimeType);
            expect(piece.media.sizeBytes).toBeLessThanOrEqual(limits.maxBytes ?? 1e9);
            expect(Buffer.from(await piece.bytes()).toString('base64').length).toBeLessThanOrEqual(
              limits.maxEncodedBytes ?? 1e9,
            );
            expect(ms).toBeGreaterThanOrEqual(limits.minDurationMs ?? 0);
            expect(ms).toBeLessThanOrEqual(limits.maxDurationMs ?? 1e9);
          }
          const isSame = made[0] === part;
          expect(call.losses.length > 0).toBe(!isSame);
          outcomes[isSame ? 'same' : 'made']++;
          if (!isSame) await closeAll(made);
        } catch (error) {
          expect(error).toMatchObject({ code: 'native.cannot-fit', hint: expect.stringMatching(/\.$/) });
          expect(call.losses).toEqual([]);
          outcomes.refused++;
        }
      },
    ),
    { numRuns: 30, seed: 8 },
  );
  console.log('native recordings:', outcomes);
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(1);
  expect(folder.leftovers()).toBe(before);
  await closeAll(parts);
});
