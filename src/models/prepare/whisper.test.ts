import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadOnnx } from '#runtime/onnx.ts';
import { context, pinned, testHome } from '../__fixtures__/home.ts';
import { ctranslate2File, TINY, tinyWhisper } from './__fixtures__/ctranslate2.ts';
import { whisperByHand } from './__fixtures__/whisper-by-hand.ts';
import { whisperDecoder, whisperEncoder } from './whisper.ts';

type Onnx = Awaited<ReturnType<typeof loadOnnx>>;
type Session = Awaited<ReturnType<Onnx['InferenceSession']['create']>>;

const { heads, width, mels, vocabulary, decoderLayers } = TINY;
const hand = whisperByHand(tinyWhisper());
const folder = mkdtempSync(join(tmpdir(), 'sensorium-whisper-'));
let onnx: Onnx;
let encoder: Session;
let decoder: Session;

beforeAll(async () => {
  writeFileSync(join(folder, 'model.bin'), ctranslate2File(tinyWhisper()));
  onnx = await loadOnnx();
  const { signal } = context();
  encoder = await onnx.InferenceSession.create(await whisperEncoder.run(folder, signal));
  decoder = await onnx.InferenceSession.create(await whisperDecoder.run(folder, signal));
});

const tensor = (rows: number[][]) =>
  new onnx.Tensor('float32', Float32Array.from(rows.flat()), [1, rows.length, rows[0]?.length ?? 0]);
const names = (stem: string, sides = ['decoder', 'encoder']) =>
  Array.from({ length: decoderLayers }, (_, layer) =>
    sides.flatMap((side) => ['key', 'value'].map((part) => `${stem}.${layer}.${side}.${part}`)),
  ).flat();
const mel = (frames: number) =>
  Array.from({ length: frames }, (_, at) =>
    Array.from({ length: mels }, (__, band) => Math.sin(at * 0.7 + band * band)),
  );
const turned = (rows: number[][]) => (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? 0));

function difference(now: ArrayLike<number>, as: number[]): number {
  expect(now.length).toBe(as.length);
  const square = (list: number[]) => Math.sqrt(list.reduce((sum, value) => sum + value * value, 0));
  return square(as.map((value, at) => value - (now[at] ?? Number.NaN))) / square(as);
}

async function decode(ids: readonly number[], hidden: number[][], past?: Record<string, InstanceType<Onnx['Tensor']>>) {
  const empty = new onnx.Tensor('float32', new Float32Array(), [1, heads, 0, width / heads]);
  const feeds = {
    input_ids: new onnx.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
    encoder_hidden_states: tensor(hidden),
    use_cache_branch: new onnx.Tensor('bool', [past !== undefined], [1]),
    ...(past ?? Object.fromEntries(names('past_key_values').map((name) => [name, empty]))),
  };
  const output = await decoder.run(feeds);
  const grown = names('past_key_values', past ? ['decoder'] : undefined);
  const kept = grown.map((name) => [name, output[name.replace('past_key_values', 'present')]]);
  return { output, past: { ...past, ...Object.fromEntries(kept) } };
}

// The 8-bit weights of the graph move each number by half a step; what that does to the whole is known from this model.
const CLOSE = 0.05;

it.each([24, 10])('encodes %i mel frames to what the arithmetic says', async (frames) => {
  const sound = mel(frames);
  const input = new onnx.Tensor('float32', Float32Array.from(turned(sound).flat()), [1, mels, frames]);
  const { last_hidden_state: heard } = await encoder.run({ input_features: input });
  expect(heard?.dims).toEqual([1, frames / 2, width]);
  expect(difference(heard?.data as Float32Array, hand.encode(sound).flat())).toBeLessThan(CLOSE);
});

it('decodes to the logits and the attention the arithmetic says', async () => {
  const hidden = hand.encode(mel(24));
  const ids = [3, 17, 39, 0, 5];
  const as = hand.decode(ids, hidden);
  const { output } = await decode(ids, hidden);
  expect(output.logits?.dims).toEqual([1, ids.length, vocabulary]);
  expect(difference(output.logits?.data as Float32Array, as.logits.flat())).toBeLessThan(CLOSE);
  for (const [layer, attention] of as.attention.entries()) {
    const seen = output[`cross_attentions.${layer}`];
    expect(seen?.dims).toEqual([1, heads, ids.length, 12]);
    expect(difference(seen?.data as Float32Array, attention.flat(2))).toBeLessThan(CLOSE);
  }
});

it('decodes one token after the other to the same as all at once', async () => {
  const hidden = hand.encode(mel(20));
  const ids = [8, 1, 33, 21];
  const whole = (await decode(ids, hidden)).output.logits?.data as Float32Array;
  let { past } = await decode(ids.slice(0, 2), hidden);
  for (const at of [2, 3]) {
    // Only the first run may look at the sound.
    const step = await decode(ids.slice(at, at + 1), [new Array(width).fill(0)], past);
    const row = [...whole.subarray(at * vocabulary, (at + 1) * vocabulary)];
    expect(difference(step.output.logits?.data as Float32Array, row)).toBeLessThan(1e-4);
    expect(step.output['present.0.decoder.key']?.dims).toEqual([1, heads, at + 1, width / heads]);
    expect(step.output['present.0.encoder.key']?.size).toBe(0);
    past = step.past;
  }
});

it('hands out what the hub’s decoders do, under the same names', () => {
  expect(encoder.inputNames).toEqual(['input_features']);
  expect(encoder.outputNames).toEqual(['last_hidden_state']);
  const inputs = ['input_ids', 'encoder_hidden_states', ...names('past_key_values'), 'use_cache_branch'];
  expect(decoder.inputNames).toEqual(inputs);
  expect(decoder.outputNames).toEqual(['logits', ...names('present'), 'cross_attentions.0', 'cross_attentions.1']);
});

it('makes the same bytes each time', async () => {
  const [one, two] = [
    await whisperDecoder.run(folder, context().signal),
    await whisperDecoder.run(folder, context().signal),
  ];
  expect(Buffer.compare(one, two)).toBe(0);
});

const without = (name: string) => tinyWhisper().filter((one) => one.name !== name);
const changed = (name: string, change: object) =>
  tinyWhisper().map((one) => (one.name === name ? { ...one, ...change } : one));
const KEY = 'encoder/layer_1/ffn/linear_1/weight';

it.each([
  ['of another kind of model', ctranslate2File(tinyWhisper(), [], 'TransformerSpec'), 'TransformerSpec'],
  ['without a weight', ctranslate2File(without(KEY)), `no ${KEY}`],
  ['with a weight of another shape', ctranslate2File(changed(KEY, { dims: [256, 128] })), '256×128, not 128×256'],
  ['with integers for a weight', ctranslate2File(changed(KEY, { type: 1, dims: [1024, 128] })), '1024×128'],
  ['with heads that do not fit', ctranslate2File(changed('decoder/num_heads', { bytes: Buffer.of(3, 0) })), '3 heads'],
  ['with a number that is none', ctranslate2File(changed(KEY, { bytes: Buffer.alloc(128 * 256 * 4, 0xff) })), 'finite'],
])('refuses weights %s', async (_, bytes, why) => {
  const place = mkdtempSync(join(tmpdir(), 'sensorium-whisper-'));
  writeFileSync(join(place, 'model.bin'), bytes);
  await expect(whisperEncoder.run(place, context().signal)).rejects.toThrow(why);
});

it.each(['whisper-encoder', 'whisper-decoder'])('fails in the store as a preparation does: %s', async (id) => {
  const cut = ctranslate2File(tinyWhisper()).subarray(0, 200_000);
  const home = testHome([pinned('model.bin', cut, { folder: 'weights/model.bin' })], { preparations: [id] });
  mkdirSync(join(home.home, 'weights'));
  writeFileSync(join(home.home, 'weights', 'model.bin'), cut);
  const failed = await home
    .store({ folder: home.home })
    .ensure('toy', context())
    .catch((error) => error);
  expect(failed).toMatchObject({ code: 'models.preparation-failed', details: { preparation: id } });
  expect(String(failed.cause)).toContain('The model ends inside');
});
