import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import type { MediaInput } from '#media/index.ts';
import { openSensorium } from '#pipeline/index.ts';
import { workerStates } from '#runtime/worker/host.ts';
import { wavFile } from '../../src/media/__fixtures__/wav.ts';
import { type Hostile, handedOver, openInputs } from './inputs.ts';
import { outcomeOfEvents, slipIn } from './outcome.ts';

const sensorium = openSensorium(
  loadConfig({ 'hear.model': 'moonshine-tiny', 'see.reader': 'pp-ocrv4', 'perceive.remember': 'nothing' }),
);
afterAll(() => sensorium.close());

const COUNT = 50;
const SEED = Number(process.env.HOSTILE_SEED ?? 20261126);
const perceive = (media: MediaInput) => outcomeOfEvents(sensorium.perceive({ media, sense: 'whatever' }));

describe('with the real models', () => {
  let inputs: readonly Hostile[];
  beforeAll(async () => {
    const make = await openInputs();
    // Those that have a chance to reach a model.
    const seen = /^(picture|wav|wavs|sound|pdf|video|inside) /;
    inputs = make(600, SEED)
      .filter(({ from, bytes }) => seen.test(`${from} `) && bytes.length > 300)
      .slice(0, COUNT);
  });

  it(`${COUNT} damaged recordings, pictures, documents and films end well`, async () => {
    const slips: string[] = [];
    const ends = new Map<string, number>();
    for (const input of inputs) {
      const outcome = await perceive(handedOver(input));
      const slip = slipIn(outcome);
      if (slip !== null) slips.push(`${input.from}: ${slip}`);
      const end = outcome.perception?.kind ?? String((outcome.error as { code?: string }).code);
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    console.log(
      JSON.stringify(Object.fromEntries(ends)),
      workerStates()
        .map(({ name, deaths }) => `${name}: ${deaths} deaths`)
        .join(', '),
    );
    expect(slips).toEqual([]);
    expect(inputs).toHaveLength(COUNT);
    expect(workerStates().filter(({ deaths }) => deaths > 0)).toEqual([]);
  });

  const noise = Float32Array.from({ length: 48_000 }, (_, at) => Math.sin(at * at * 12.9898) * 0.3);
  const chord = Float32Array.from({ length: 48_000 }, (_, at) =>
    [262, 330, 392].reduce((sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * at) / 16_000) * 0.2, 0),
  );
  it.each([
    ['silence', new Float32Array(48_000)],
    ['noise', noise],
    ['a chord', chord],
  ])('no word is made of %s', async (_what, samples) => {
    const bytes = wavFile(new Uint8Array(Int16Array.from(samples, (sample) => sample * 32_767).buffer));
    const outcome = await perceive({ kind: 'bytes', bytes, name: 'a.wav' });
    expect(slipIn(outcome)).toBeNull();
    expect(outcome.perception).toMatchObject({ kind: 'transcript', text: '' });
    expect(outcome.losses.map(({ kind }) => kind)).toContain('no-speech');
  });

  const shared = new URL('../../../shared/data/audio/', import.meta.url).pathname;
  it.skipIf(!existsSync(shared)).each(['none_silence_3s.wav', 'none_ding.flac'])(
    'no word is made of %s',
    async (name) => {
      const { perception } = await perceive({ kind: 'path', path: `${shared}${name}` });
      expect(perception).toMatchObject({ kind: 'transcript', text: '' });
    },
  );
});
