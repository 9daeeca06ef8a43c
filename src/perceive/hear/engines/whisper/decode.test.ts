import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';
import { begin, type Whisper } from './decoder.ts';
import { rulesOf } from './rules.ts';

/** Text 0–4, the end 5, marks 6–11, one time 12. The model writes what a table says, by the text before. */
const END = 5;
const SIZE = 13;
const tokens = { start: 6, end: END, transcribe: 8, previous: 9, noSpeech: 10, noTimestamps: 11, languages: new Map() };
const rules = rulesOf({ tokens, suppressed: [], suppressedFirst: [END], latestStart: 0 });

class Tensor {
  readonly type: string;
  readonly data: ArrayLike<unknown>;
  readonly dims: readonly number[];
  constructor(type: string, data: ArrayLike<unknown>, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

type Table = (text: string) => Readonly<Record<number, number>>;

/** A decoder whose past is the text it has read; attention is on the frame of the token's place. */
function modelOf(table: Table, onStep: () => void = () => {}): Whisper {
  const decoder = {
    async run(feeds: Record<string, Tensor>) {
      onStep();
      const [input, cached] = [feeds.input_ids as Tensor, feeds.use_cache_branch as Tensor];
      const ids = [...(input.data as BigInt64Array)].map(Number);
      const isFirst = (cached.data as boolean[])[0] === false;
      const before = isFirst ? [] : [...((feeds['past_key_values.0.decoder.key']?.data as Float32Array) ?? [])];
      const read = [...before, ...ids];
      const logits = new Float32Array(SIZE * ids.length).fill(-40);
      for (const [id, probability] of Object.entries(table(read.slice(1).join(' ')))) {
        logits[SIZE * (ids.length - 1) + Number(id)] = Math.log(probability);
      }
      const past = new Tensor('float32', Float32Array.from(read), [1, 1, read.length, 1]);
      const attention = new Float32Array(ids.length * 4);
      attention[(ids.length - 1) * 4 + Math.min(3, read.length - 1)] = 1;
      const sides = ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'];
      return {
        logits: new Tensor('float32', logits, [1, ids.length, SIZE]),
        ...Object.fromEntries(sides.map((side) => [`present.0.${side}`, past])),
        'cross_attentions.0': new Tensor('float32', attention, [1, 1, ids.length, 4]),
      };
    },
  };
  const folder = { tokens, layers: 1, heads: 1, headWidth: 1 };
  return { folder, decoder, follows: [[0, 0]], Tensor } as unknown as Whisper;
}

const options = { maxTokens: 60, timestamps: false, temperature: 0 };
const { signal } = new AbortController();

async function written(table: Table, changed: Partial<typeof options> = {}) {
  const model = modelOf(table);
  const start = await begin(model, new Tensor('float32', [], [1, 4, 1]) as never, [tokens.start]);
  const all = { ...options, ...changed };
  return decode(model, start, rules, all, signal);
}

/** Writes 0 2 when it takes the most probable each time. */
const unsure: Table = (text) =>
  ({
    '': { 0: 0.6, 1: 0.4 },
    '0': { 2: 0.3, 3: 0.3, 4: 0.3, [END]: 0.1 },
    '1': { 2: 0.98, 3: 0.02 },
  })[text] ?? { [END]: 0.97, 3: 0.03 };

describe('decode', () => {
  it('takes the most probable token each time, with its probability and attention', async () => {
    const { tokens: found, ended, attention, meanLogprob } = await written(unsure);
    expect(found.map(({ id }) => id)).toEqual([0, 2]);
    expect(ended).toBe(true);
    expect(Math.exp(found[0]?.logprob ?? 0)).toBeCloseTo(0.6, 4);
    expect(attention?.map((row) => row.indexOf(1))).toEqual([0, 1]);
    expect(meanLogprob).toBeCloseTo((Math.log(0.6) + Math.log(0.3) + Math.log(0.97)) / 3, 3);
  });

  it('stops at its limit and in a loop, and says so', async () => {
    const forever: Table = () => ({ 3: 0.9, 2: 0.1 });
    expect(await written(forever, { maxTokens: 5 })).toMatchObject({ ended: false, looped: false });
    const looped = await written(forever);
    expect(looped).toMatchObject({ ended: false, looped: true });
    expect(looped.tokens.length).toBeLessThan(60);
  });

  it('draws the same each time above temperature 0', async () => {
    const ids = async () => (await written(unsure, { temperature: 1 })).tokens.map(({ id }) => id);
    expect(await ids()).toEqual(await ids());
  });

  it('stops between tokens when cancelled', async () => {
    const controller = new AbortController();
    let steps = 0;
    const model = modelOf(unsure, () => {
      steps += 1;
      if (steps === 2) controller.abort();
    });
    const start = await begin(model, new Tensor('float32', [], [1, 4, 1]) as never, [tokens.start]);
    await expect(decode(model, start, rules, options, controller.signal)).rejects.toMatchObject({
      code: 'kit.cancelled',
    });
    expect(steps).toBe(2);
  });
});
