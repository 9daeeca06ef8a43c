import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { CONNECTOR_METHODS } from '#contract/prompt-vectors.ts';
import { tableModel, WIDTH } from '../__fixtures__/table-model.ts';
import { openComponent } from '../open.ts';
import { ownSpace } from '../vectors.ts';
import { procrustes, ridge } from './closed-form.ts';
import { connectorFor } from './component.ts';
import { cosine, dense, denseOf, row, times, transposed, transposedTimes } from './dense.ts';
import type { Pairs } from './fit.ts';
import { fitComponent, fitIn } from './fit-component.ts';
import { readComponent } from './folder.ts';
import { readNpy } from './npy.ts';
import { readPairs } from './pairs.ts';
import { seeded } from './random-features.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'connector-'));
afterAll(() => rmSync(folder, { recursive: true }));

const draw = seeded(3);
const random = (rows: number, columns: number) =>
  dense(rows, columns, (into) => into.forEach((_, at) => void into.fill(draw() - 0.5, at, at + 1)));

/** An encoder whose rows are the model's own, turned and stretched into another space, with some noise. */
async function turned(inputWidth: number, noise: number, tokens: readonly number[]): Promise<Pairs> {
  const own = denseOf(await tableModel().rows(tokens, signal), WIDTH);
  const away = times(own, random(WIDTH, inputWidth));
  const inputs = { ...away, values: away.values.map((value) => value + noise * (draw() - 0.5)) };
  return { inputs, units: tokens.map((token) => [token]) };
}

const TOKENS = Array.from({ length: 300 }, (_, at) => at);

it('solves a ridge regression alike on both sides', () => {
  const [tall, wide] = [random(40, 6), random(6, 40)];
  const exact = random(6, 3);
  const found = ridge(tall, times(tall, exact))(1e-9);
  found.values.forEach((value, at) => void expect(value).toBeCloseTo(exact.values[at] ?? 0, 5));
  const targets = random(6, 2);
  const fits = times(wide, ridge(wide, targets)(1e-9));
  fits.values.forEach((value, at) => void expect(value).toBeCloseTo(targets.values[at] ?? 0, 5));
});

it('finds a turn and a stretch again, and keeps its map orthogonal between spaces of other widths', () => {
  const inputs = random(80, 6);
  const turn = procrustes(random(80, 6), random(80, 6));
  const found = procrustes(inputs, times(inputs, turn));
  found.values.forEach((value, at) => void expect(value).toBeCloseTo(turn.values[at] ?? 0, 6));
  const narrow = procrustes(random(50, 4), random(50, 7));
  const square = times(narrow, transposed(narrow));
  const [first = 0] = square.values;
  square.values.forEach((value, at) => void expect(value).toBeCloseTo(at % 5 === 0 ? first : 0, 8));
  const wide = procrustes(random(50, 7), random(50, 4));
  expect(transposedTimes(wide, wide).values[1]).toBeCloseTo(0, 8);
});

it.each(CONNECTOR_METHODS)('brings rows of another space home by %s', async (method) => {
  const space = await ownSpace(tableModel(), 'test', signal);
  const some = await turned(40, 0.02, method === 'classify' ? TOKENS.slice(0, 180).map((at) => at % 12) : TOKENS);
  const fitted = await fitIn(space, some, { method, signal });
  const made = await (await connectorFor(fitted.connector, space, signal))(some.inputs, signal);
  const own = denseOf(await space.rows(some.units.flat(), signal), WIDTH);
  const found = denseOf(made, WIDTH);
  let mean = 0;
  for (let at = 0; at < own.rows; at++) mean += cosine(row(found, at), row(own, at)) / own.rows;
  expect(mean).toBeGreaterThan(method === 'procrustes' ? 0.6 : 0.9);
  expect(fitted.heldOut.pairs).toBeGreaterThan(0);
  expect(fitted.heldOut.nearestShare).toBeGreaterThan(0.5);
});

it('sees on pairs held out that there is nothing to find', async () => {
  const space = await ownSpace(tableModel(), 'test', signal);
  const noise: Pairs = { inputs: random(150, 40), units: TOKENS.slice(0, 150).map((token) => [token % 75]) };
  for (const method of ['ridge-mixture', 'procrustes', 'classify'] as const) {
    const { heldOut } = await fitIn(space, noise, { method, signal });
    expect(heldOut.nearestShare ?? 0).toBeLessThan(0.1);
    if (heldOut.cosine !== null) expect(Math.abs(heldOut.cosine)).toBeLessThan(0.3);
  }
});

it('is stopped, and refuses what is too little', async () => {
  const space = await ownSpace(tableModel(), 'test', signal);
  const pairs = await turned(40, 0, TOKENS);
  await expect(fitIn(space, pairs, { method: 'ridge', signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'kit.cancelled',
  });
  const few = await turned(40, 0, TOKENS.slice(0, 4));
  await expect(fitIn(space, few, { method: 'ridge', signal })).rejects.toMatchObject({
    code: 'inject.component-unusable',
  });
});

it('fits on a file of pairs, is written, and makes the same vectors when it is opened again', async () => {
  const model = tableModel();
  const file = join(folder, 'pairs.jsonl');
  const texts = TOKENS.slice(0, 60).map(
    (at) => `w${String.fromCharCode(97 + (at % 26))}${at < 26 ? 'x' : at < 52 ? 'y' : 'z'}`,
  );
  const lines: string[] = [];
  for (const text of texts) {
    const tokens = await model.tokenize(text, signal);
    lines.push(JSON.stringify({ vectors: [...(await turned(30, 0, tokens)).inputs.values], text }));
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
  const outputs = join(folder, 'outputs');
  const steps: string[] = [];
  const fitted = await fitComponent({
    ...{ model, method: 'ridge-mixture', folder: join(folder, 'mine'), signal, tell: (step) => steps.push(step) },
    source: { kind: 'pairs', file, encoder: 'my-encoder', outputs },
  });
  expect(fitted.manifest).toMatchObject({ id: 'mine', kind: 'connector', encoder: { name: 'my-encoder' } });
  expect(fitted.manifest.statistics?.items).toBe(60);
  expect(steps.length).toBeGreaterThan(3);
  const { connector } = await readComponent(join(folder, 'mine'));
  expect(connector.kind).toBe('mixture');
  const opened = await openComponent(join(folder, 'mine'), { model, home: folder, signal });
  expect(opened.manifest).toEqual(fitted.manifest);
  const input = { part: 'part-1', media: null, perception: null, text: 'a word' };
  await expect(opened.embed(input, { signal, note: () => {} })).rejects.toThrow(/runs elsewhere|left nothing/);
});

it('refuses a folder in which anything was changed', async () => {
  const mine = join(folder, 'mine');
  const model = tableModel();
  for (const [name, change] of [
    ['weights.safetensors', (bytes: Buffer) => bytes.fill(1, bytes.length - 5, bytes.length - 4)],
    ['weights.safetensors', (bytes: Buffer) => bytes.subarray(0, bytes.length - 4)],
    ['connector.json', (bytes: Buffer) => Buffer.from(bytes.toString().replace('"mixture"', '"regress"'))],
    ['component.json', (bytes: Buffer) => Buffer.from(bytes.toString().replace('"connector"', '"mmproj"'))],
    ['component.json', () => Buffer.from('null')],
  ] as const) {
    const path = join(mine, name);
    const before = readFileSync(path);
    writeFileSync(path, change(Buffer.from(before)));
    await expect(openComponent(mine, { model, home: folder, signal }), name).rejects.toMatchObject({
      code: 'inject.component-unusable',
    });
    writeFileSync(path, before);
  }
  await expect(openComponent(mine, { model: tableModel({ width: 16 }), home: folder, signal })).rejects.toThrow(
    /makes 24 numbers/,
  );
  await expect(openComponent('not-there', { model, home: folder, signal })).rejects.toThrow(/no such component/);
});

it('never makes anything but tensors or a refusal of bytes', () => {
  const whole = writeSafetensors(
    new Map([
      ['a', { shape: [2, 3], values: Float32Array.from([1, 2, 3, 4, 5, 6]) }],
      ['b', { shape: [2], values: Int32Array.from([7, -8]) }],
    ]),
  );
  expect([...(readSafetensors(whole, 'x').get('b')?.values ?? [])]).toEqual([7, -8]);
  const refusesOrReads = (bytes: Uint8Array) => {
    try {
      for (const { shape, values } of readSafetensors(bytes, 'x').values())
        expect(values.length).toBe(shape.reduce((all, side) => all * side, 1));
    } catch (error) {
      expect(error).toMatchObject({ code: 'inject.component-unusable' });
    }
  };
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
      const changed = Uint8Array.from(whole);
      changed[at] = byte;
      refusesOrReads(changed);
      refusesOrReads(changed.subarray(0, length));
    }),
    { numRuns: 2000 },
  );
});

function npy(head: string, body: Uint8Array): Uint8Array {
  const text = Buffer.from(`${head}\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, text, body]);
}

it('reads NumPy files as they are, and nothing that is not one', () => {
  const half = Buffer.from(Uint16Array.from([0x3c00, 0xc000, 0x0001]).buffer);
  const made = readNpy(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (1, 3), }", half), 'x');
  expect(made).toEqual({ columns: 3, values: Float32Array.from([1, -2, 2 ** -24]) });
  const double = Buffer.from(Float64Array.from([0.5, 4]).buffer);
  expect(readNpy(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", double), 'x').columns).toBe(2);
  for (const head of [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999, 9999999999), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<f8', 'fortran_order': True, 'shape': (2,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 2), }",
    '{}',
  ]) {
    expect(() => readNpy(npy(head, double), 'x')).toThrow(/\.npy/);
  }
});

it('reads pairs and gives rows to the tokens they stand for', async () => {
  const model = tableModel();
  const path = join(folder, 'rows.jsonl');
  const tokenize = model.tokenize;
  const read = (lines: readonly unknown[]) => {
    writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
    return readPairs(path, tokenize, signal);
  };
  const even = await read([
    {
      vectors: [
        [0, 1],
        [2, 3],
        [4, 5],
        [6, 7],
      ],
      text: 'two words',
    },
  ]);
  expect([...even.inputs.values]).toEqual([1, 2, 5, 6]);
  expect(even.units).toHaveLength(2);
  expect((await read([{ vectors: [1, 2], text: 'two words' }])).units).toEqual([await tokenize('two words', signal)]);
  for (const [lines, why] of [
    [['{'], /line 1.*not a pair/],
    [[{ vectors: [[1], [1, 2]], text: 'x' }], /not of one length/],
    [
      [
        { vectors: [1, 2], text: 'x' },
        { vectors: [1], text: 'x' },
      ],
      /line 2.*rows have 1/,
    ],
    [[{ vectors: [1, null], text: 'x' }], /not a pair/],
    [[{ vectors: ['1e999'], text: 'x' }], /not a pair/],
    [['{"vectors": [1e999], "text": "x"}'], /not finite|not a pair/],
    [[{ vectors: 'nowhere.npy', text: 'x' }], /cannot be read/],
    [[{ vectors: 'rows.jsonl', text: 'x' }], /read from \.npy/],
  ] as const) {
    await expect(read(lines)).rejects.toThrow(why);
  }
});
