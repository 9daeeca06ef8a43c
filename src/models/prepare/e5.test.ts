import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadOnnx } from '#runtime/onnx.ts';
import { e5Encoder, e5Tokenizer } from './e5.ts';

const WIDTH = 32;
const INNER = 64;
const HEADS = 2;
const WORDS = ['<s>', '<pad>', '</s>', '<unk>', '▁', '▁a', 'b', '中'];
const POSITIONS = 8;
const EPSILON = 1e-12;

const folder = mkdtempSync(join(tmpdir(), 'e5-'));
afterAll(() => rmSync(folder, { recursive: true }));

let state = 5;
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
type Bits = { readonly codes: number[]; readonly scales: number[] };
const floats = (count: number, size: number) => Array.from({ length: count }, () => (random() - 0.5) * size);
/** Scales that float16 holds exactly. */
const bits = (count: number): Bits => ({
  codes: Array.from({ length: count }, () => Math.floor(random() * 16)),
  scales: Array.from({ length: count / 32 }, () => [0.0625, 0.03125, 0.125][Math.floor(random() * 3)] ?? 0.0625),
});
const HALVES: Readonly<Record<number, number>> = { 0.0625: 0x2c00, 0.03125: 0x2800, 0.125: 0x3000 };

const TENSORS: Readonly<Record<string, number[] | Bits>> = {
  'emb.word': bits(WORDS.length * WIDTH),
  'emb.pos': floats(POSITIONS * WIDTH, 0.5),
  'emb.type': floats(WIDTH, 0.5),
  'emb.ln.w': floats(WIDTH, 2),
  'emb.ln.b': floats(WIDTH, 0.2),
  ...Object.fromEntries(
    [
      ['q', WIDTH, WIDTH],
      ['k', WIDTH, WIDTH],
      ['v', WIDTH, WIDTH],
      ['ao', WIDTH, WIDTH],
      ['fi', INNER, WIDTH],
      ['fo', WIDTH, INNER],
    ].flatMap(([name, rows, columns]) => [
      [`l0.${name}.w`, bits(Number(rows) * Number(columns))],
      [`l0.${name}.b`, floats(Number(rows), 0.2)],
    ]),
  ),
  ...Object.fromEntries(
    ['aln', 'oln'].flatMap((name) => ['w', 'b'].map((end) => [`l0.${name}.${end}`, floats(WIDTH, 2)])),
  ),
};

const i32 = (...values: number[]) => Buffer.from(Int32Array.from(values).buffer);
const f32 = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);
const u64 = (value: number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);

function packed(): Buffer {
  const blob = WORDS.map((word) => Buffer.from(word));
  const starts = [0];
  for (const word of blob) starts.push((starts.at(-1) ?? 0) + word.length);
  const head = Buffer.concat([
    Buffer.from('E5S1'),
    i32(1, WIDTH, 1, HEADS, INNER, WORDS.length, POSITIONS, 2),
    f32(EPSILON),
    i32(32, WORDS.length, 0, 2, 1, 3),
    u64(starts.at(-1) ?? 0),
    i32(...starts),
    f32(...WORDS.map((_, at) => -at)),
    ...blob,
    i32(1, 5, 1),
    Buffer.of(0),
  ]);
  const data = Object.entries(TENSORS).map(([name, tensor]) => [name, tensor, bytesOf(tensor)] as const);
  const directoryBytes = 4 + data.reduce((sum, [name]) => sum + 2 + name.length + 1 + 4 + 8 + 8, 0);
  let at = head.length + directoryBytes;
  const directory = [i32(data.length)];
  for (const [name, tensor, bytes] of data) {
    directory.push(Buffer.from(Uint16Array.of(name.length).buffer), Buffer.from(name));
    directory.push(Buffer.of(Array.isArray(tensor) ? 0 : 1), i32(0), u64(at), u64(bytes.length));
    at += bytes.length;
  }
  return Buffer.concat([head, ...directory, ...data.map(([, , bytes]) => bytes)]);
}

function bytesOf(tensor: number[] | Bits): Buffer {
  if (Array.isArray(tensor)) return f32(...tensor);
  return Buffer.concat(
    tensor.scales.map((scale, block) => {
      const codes = tensor.codes.slice(block * 32, block * 32 + 32);
      const pairs = Array.from({ length: 16 }, (_, i) => (codes[i] ?? 0) | ((codes[i + 16] ?? 0) << 4));
      return Buffer.concat([Buffer.from(Uint16Array.of(HALVES[scale] ?? 0).buffer), Buffer.from(pairs)]);
    }),
  );
}

/** BERT worked out number by number, from the same weights. */
function forward(ids: readonly number[]): number[][] {
  const plain = (name: string) => TENSORS[name] as number[];
  const value = (name: string, at: number) => {
    const { codes, scales } = TENSORS[name] as Bits;
    return ((codes[at] ?? 0) - 8) * (scales[Math.floor(at / 32)] ?? 0);
  };
  const norm = (row: number[], name: string) => {
    const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
    const spread = Math.sqrt(row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length + EPSILON);
    return row.map((x, at) => ((x - mean) / spread) * (plain(`${name}.w`)[at] ?? 0) + (plain(`${name}.b`)[at] ?? 0));
  };
  const linear = (row: number[], name: string, rows: number) =>
    Array.from({ length: rows }, (_, out) =>
      row.reduce((sum, x, at) => sum + x * value(`${name}.w`, out * row.length + at), plain(`${name}.b`)[out] ?? 0),
    );
  let states = ids.map((id, at) =>
    norm(
      Array.from(
        { length: WIDTH },
        (_, i) =>
          value('emb.word', id * WIDTH + i) + (plain('emb.pos')[at * WIDTH + i] ?? 0) + (plain('emb.type')[i] ?? 0),
      ),
      'emb.ln',
    ),
  );
  const [q = [], k = [], v = []] = ['q', 'k', 'v'].map((name) => states.map((row) => linear(row, `l0.${name}`, WIDTH)));
  const size = WIDTH / HEADS;
  const attended = q.map((query) =>
    Array.from({ length: WIDTH }, (_, out) => {
      const head = Math.floor(out / size) * size;
      const scores = k.map(
        (key) =>
          key.slice(head, head + size).reduce((sum, x, i) => sum + x * (query[head + i] ?? 0), 0) / Math.sqrt(size),
      );
      const most = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - most));
      const all = weights.reduce((sum, x) => sum + x, 0);
      return weights.reduce((sum, weight, at) => sum + (weight / all) * (v[at]?.[out] ?? 0), 0);
    }),
  );
  states = states.map((row, at) =>
    norm(
      linear(attended[at] ?? [], 'l0.ao', WIDTH).map((x, i) => x + (row[i] ?? 0)),
      'l0.aln',
    ),
  );
  return states.map((row) => {
    const active = linear(row, 'l0.fi', INNER).map((x) => 0.5 * x * (1 + erf(x / Math.SQRT2)));
    return norm(
      linear(active, 'l0.fo', WIDTH).map((x, i) => x + (row[i] ?? 0)),
      'l0.oln',
    );
  });
}

/** Abramowitz & Stegun 7.1.26, right to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - poly * Math.exp(-x * x));
}

it('makes a graph that computes what the packed weights mean, filling left out', async () => {
  writeFileSync(join(folder, 'e5-small-q4.bin'), packed());
  const { InferenceSession, Tensor } = await loadOnnx();
  const session = await InferenceSession.create(await e5Encoder.run(folder, new AbortController().signal));
  const ids = [0, 5, 6, 7, 2, 1, 1];
  const mask = ids.map((id) => (id === 1 ? 0n : 1n));
  const of = (values: bigint[]) => new Tensor('int64', BigInt64Array.from(values), [1, ids.length]);
  const { last_hidden_state } = await session.run({ input_ids: of(ids.map(BigInt)), attention_mask: of(mask) });
  const made = last_hidden_state?.data as Float32Array;
  for (const [at, row] of forward(ids.slice(0, 5)).entries()) {
    const got = [...made.subarray(at * WIDTH, (at + 1) * WIDTH)];
    const cosine = row.reduce((sum, x, i) => sum + x * (got[i] ?? 0), 0) / (Math.hypot(...row) * Math.hypot(...got));
    // Activations are rounded to 8 bits on the way.
    expect(cosine).toBeGreaterThan(0.999);
  }
});

it('makes the tokenizer that goes with it', async () => {
  const made = JSON.parse(Buffer.from(await e5Tokenizer.run(folder, new AbortController().signal)).toString());
  expect(made.model).toMatchObject({ type: 'Unigram', unk_id: 3 });
  expect(made.model.vocab).toEqual(WORDS.map((word, at) => [word, 0 - at]));
  expect(made.post_processor.special_tokens['</s>']).toEqual({ id: '</s>', ids: [2], tokens: ['</s>'] });
});

it.each<[string, (bytes: Buffer) => Buffer]>([
  ['another magic', (bytes) => Buffer.concat([Buffer.from('GGUF'), bytes.subarray(4)])],
  ['a file that breaks off in its head', (bytes) => bytes.subarray(0, 90)],
  ['a file that breaks off in its weights', (bytes) => bytes.subarray(0, bytes.length - 10)],
  ['a count beyond all bounds', (bytes) => Buffer.concat([bytes.subarray(0, 44), i32(2 ** 30), bytes.subarray(48)])],
])('refuses %s', async (_, spoil) => {
  writeFileSync(join(folder, 'e5-small-q4.bin'), spoil(packed()));
  await expect(e5Encoder.run(folder, new AbortController().signal)).rejects.toThrow();
});
