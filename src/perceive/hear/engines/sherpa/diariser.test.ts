import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import { soundOf } from '../../__fixtures__/sound.ts';
import { tones } from './__fixtures__/hiss.ts';
import { writeDiarisation } from './__fixtures__/tiny-models.ts';
import { sherpaDiariser } from './index.ts';

const home = mkdtempSync(join(tmpdir(), 'sensorium-speakers-'));
writeDiarisation(home);
const diariser = await sherpaDiariser(home);
afterAll(async () => {
  await diariser.close();
  rmSync(home, { recursive: true });
});

const { signal } = new AbortController();
const note = () => {};
// A high voice, a low one, both at once, silence, and the high one again.
const LOW = [200];
const HIGH = [3_000];
const talk = [
  tones(2_000, HIGH),
  tones(2_000, LOW),
  tones(1_000, [...HIGH, ...LOW]),
  tones(1_000, []),
  tones(2_000, HIGH),
];
const samples = Float32Array.from(talk.flatMap((part) => [...part]));
const speech = [
  { startMs: 0, endMs: 5_000 },
  { startMs: 6_000, endMs: 8_000 },
];
const recording = { part: 'part-1', sound: soundOf(samples), speech };

it('tells who speaks when, by order of appearance, also where two speak at once', async () => {
  const turns = await diariser.diarise(recording, { signal, note });
  const speakers = turns.map((turn) => turn.speaker);
  expect(speakers).toEqual(['1', '2', '1', '1']);
  const times = turns.map(({ startMs, endMs }) => [startMs, endMs]);
  const expected = [
    [0, 2_000],
    [2_000, 5_000],
    [4_000, 5_000],
    [6_000, 8_000],
  ];
  // A frame of the model is 10 ms.
  for (const [at, [startMs = 0, endMs = 0]] of expected.entries()) {
    expect(Math.abs((times[at]?.[0] ?? Number.NaN) - startMs)).toBeLessThanOrEqual(30);
    expect(Math.abs((times[at]?.[1] ?? Number.NaN) - endMs)).toBeLessThanOrEqual(30);
  }
  expect(await diariser.diarise(recording, { signal, note })).toEqual(turns);
});

it('tells nobody where there is no voice, and hears the shortest sound', async () => {
  expect(await diariser.diarise({ ...recording, speech: [] }, { signal, note })).toEqual([]);
  expect(await diariser.diarise({ ...recording, sound: soundOf(tones(3_000, [])) }, { signal, note })).toEqual([]);
  expect(await diariser.diarise({ ...recording, sound: soundOf(new Float32Array(0)) }, { signal, note })).toEqual([]);
  const short = { ...recording, sound: soundOf(tones(400, LOW)) };
  expect(await diariser.diarise(short, { signal, note })).toMatchObject([{ speaker: '1', endMs: 400 }]);
});

it('says which part of a long recording has no speakers', async () => {
  const brief = await sherpaDiariser(home, { mostMs: 3_000 });
  const losses: Loss[] = [];
  const turns = await brief.diarise(recording, { signal, note: (loss) => losses.push(loss) });
  expect(turns.at(-1)?.endMs).toBeLessThanOrEqual(3_000);
  expect(losses).toMatchObject([
    {
      kind: 'truncated',
      part: 'part-1',
      engine: brief.id,
      extent: 5_000,
      unit: 'ms',
      time: { startMs: 3_000, endMs: 8_000 },
    },
  ]);
  await brief.close();
});

it('stops when it is cancelled, and goes on afterwards', async () => {
  await expect(diariser.diarise(recording, { signal: AbortSignal.abort(), note })).rejects.toMatchObject({
    code: 'kit.cancelled',
  });
  const controller = new AbortController();
  const long = soundOf(
    Float32Array.from({ length: 10 * samples.length }, (_, at) => samples[at % samples.length] ?? 0),
  );
  const cancelled = diariser.diarise({ ...recording, sound: long }, { signal: controller.signal, note });
  setImmediate(() => controller.abort());
  await expect(cancelled).rejects.toMatchObject({ code: 'kit.cancelled' });
  expect((await diariser.diarise(recording, { signal, note })).length).toBe(4);
});
