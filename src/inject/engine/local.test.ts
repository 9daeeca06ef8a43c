import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedVersion } from '#runtime/optional.ts';
import { workerStates } from '#runtime/worker/host.ts';
import { openEmbeddingTable } from '#tokens/index.ts';
import { writeTinyGemma, writeTinyLlama } from './__fixtures__/tiny-models.ts';
import { type LocalVectorModel, openLocalVectorModel } from './local.ts';

const isMissing = installedVersion('koffi') === null || installedVersion('node-llama-cpp') === null;
if (isMissing) console.log('skipped: koffi or node-llama-cpp is not installed');

const { signal } = new AbortController();
const TEXT = 'the old moon sings under a red tree: 中文 🌸';

describe.skipIf(isMissing)('a tiny model in llama.cpp’s own library', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-vectors-'));
  const path = writeTinyLlama(folder);
  let model: LocalVectorModel;
  beforeAll(async () => {
    model = await openLocalVectorModel({ id: 'tiny-vectors', path, contextTokens: 512 });
  });
  afterAll(async () => {
    await model.close();
    rmSync(folder, { recursive: true });
  });

  const sample = async () => {
    const tokens = await model.tokenize(TEXT, signal);
    return { tokens, rows: await model.rows(tokens, signal) };
  };

  it('reads rows of its own table exactly as it reads tokens', async () => {
    const trip = await model.roundTrip(16, signal);
    expect(trip).toMatchObject({ maxAbsDiff: 0, meanKl: 0, argmaxAgreement: 1, scale: 1 });
    expect(trip.positions).toBeGreaterThan(200);
  });

  it('says what its input space is', async () => {
    const fingerprint = await model.fingerprint(signal);
    expect(fingerprint).toMatchObject({
      ...{ architecture: 'llama', width: 64, vocabulary: 383, tableType: 'F32', scale: 1 },
      ...{ perLayerInputs: false, deepstackLayers: 0, positionStreams: 1 },
    });
    expect(fingerprint.engine).toMatch(/^llama\.cpp 0\.5/);
    expect(fingerprint.sketch).toHaveLength(64);
    expect(fingerprint.sketch?.[63]).toHaveLength(64);
    for (const hash of [fingerprint.tokenizerSha256, fingerprint.tableSha256, fingerprint.chatTemplateSha256]) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('gives the rows that lie in the file', async () => {
    const { tokens, rows } = await sample();
    const table = await openEmbeddingTable(path);
    const own = await table.rows(tokens);
    await table.close();
    for (const [at, row] of own.entries()) expect(rows.subarray(at * 64, (at + 1) * 64)).toEqual(row);
  });

  it('takes rows between words, cut where the pieces are cut', async () => {
    const { tokens, rows } = await sample();
    const mixed = await model.logits(
      [{ tokens: tokens.slice(0, 3) }, { vectors: rows.slice(3 * 64, 9 * 64) }, { tokens: tokens.slice(9) }],
      signal,
    );
    const cuts = [tokens.slice(0, 3), tokens.slice(3, 9), tokens.slice(9)].map((cut) => ({ tokens: cut }));
    expect(mixed).toEqual(await model.logits(cuts, signal));
    expect(mixed).toHaveLength(tokens.length);
  });

  it('scores a target as its logits say, also where it goes on from what it has read before', async () => {
    const { tokens, rows } = await sample();
    const [prompt, target] = [rows.slice(0, 8 * 64), tokens.slice(8)];
    const logits = await model.logits([{ vectors: prompt }, { tokens: target }], signal);
    const expected = target.map((token, at) => {
      const row = logits[7 + at] ?? new Float32Array();
      const total = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
      return (row[token] ?? 0) - total;
    });
    const close = (found: Float64Array) => {
      for (const [at, value] of expected.entries()) expect(found[at]).toBeCloseTo(value, 3);
      expect(found).toHaveLength(expected.length);
    };
    const first = await model.score([{ vectors: prompt }], target, signal);
    close(first);
    await model.score([{ vectors: prompt }], [5, 6, 7], signal);
    expect(await model.score([{ vectors: prompt }], target, signal)).toEqual(first);
    await model.score([{ tokens }], [9], signal);
    expect(await model.score([{ vectors: prompt }], target, signal)).toEqual(first);
    const asTokens = [{ tokens: tokens.slice(0, 8) }];
    expect(await model.score(asTokens, target, signal)).toEqual(first);
    expect(await model.score([{ tokens }], [], signal)).toHaveLength(0);
  });

  it('tells the likeliest next words, and writes them', async () => {
    const { tokens, rows } = await sample();
    const next = await model.next([{ tokens }], 5, signal);
    expect(next).toEqual(await model.next([{ vectors: rows }], 5, signal));
    expect(next).toHaveLength(5);
    expect(next.map(({ logprob }) => logprob)).toEqual(next.map(({ logprob }) => logprob).sort((a, b) => b - a));
    const written = await model.write([{ vectors: rows }], 6, signal);
    expect(written).toBe(await model.write([{ tokens }], 6, signal));
    expect(written.length).toBeGreaterThan(0);
  });

  it('puts words into its own template', async () => {
    const around = await model.templated('a river', signal);
    const words = await model.tokenize('a river', signal);
    expect(around.length).toBeGreaterThan(words.length);
    // <|im_start|>
    expect(around[0]).toBe(3);
  });

  it('refuses numbers that are none, other widths and prompts that are too long, and goes on', async () => {
    const { tokens, rows } = await sample();
    const refused = (code: string) => ({ code: 'inject.bad-vectors', details: { code } });
    const broken = rows.slice();
    broken[2 * 64 + 5] = Number.NaN;
    const after = [{ tokens: tokens.slice(0, 2) }, { vectors: broken }];
    await expect(model.next(after, 1, signal)).rejects.toMatchObject({
      ...{ code: 'inject.bad-vectors', details: { code: 'EMB_NOT_FINITE', row: 2, position: 4 } },
    });
    broken[2 * 64 + 5] = Number.NEGATIVE_INFINITY;
    await expect(model.score(after, [1], signal)).rejects.toMatchObject(refused('EMB_NOT_FINITE'));
    await expect(model.next([{ vectors: rows.slice(1) }], 1, signal)).rejects.toMatchObject(refused('EMB_WIDTH'));
    await expect(model.next([{ vectors: new Float32Array() }], 1, signal)).rejects.toMatchObject(refused('EMB_WIDTH'));
    await expect(model.next([], 1, signal)).rejects.toMatchObject(refused('EMB_SHAPE'));
    await expect(model.next([{ tokens: [383] }], 1, signal)).rejects.toMatchObject(refused('EMB_SHAPE'));
    await expect(model.score([{ tokens }], [-1], signal)).rejects.toMatchObject(refused('EMB_SHAPE'));
    await expect(model.rows([383], signal)).rejects.toMatchObject({ code: 'inject.engine-unusable' });
    const long = [{ vectors: new Float32Array(513 * 64) }];
    await expect(model.next(long, 1, signal)).rejects.toMatchObject(refused('EMB_TOO_LARGE'));
    const full = [{ tokens: new Array<number>(500).fill(300) }];
    await expect(model.score(full, new Array<number>(13).fill(301), signal)).rejects.toMatchObject(
      refused('EMB_TOO_LARGE'),
    );
    expect(await model.score(full, new Array<number>(12).fill(301), signal)).toHaveLength(12);
    // Writing ends with the context.
    expect((await model.write(full, 100, signal)).length).toBeGreaterThan(0);
    expect(await model.next([{ tokens }], 1, signal)).toHaveLength(1);
  });

  it('goes on in a new process when its own is killed', async () => {
    const { tokens } = await sample();
    const before = await model.next([{ tokens }], 3, signal);
    const pid = workerStates().find(({ name }) => name === 'tiny-vectors')?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => workerStates().find(({ name }) => name === 'tiny-vectors')?.pid).not.toBe(pid);
    expect(await model.next([{ tokens }], 3, signal)).toEqual(before);
  });

  it('stops in the middle when it is told to, and answers the next', async () => {
    const { tokens } = await sample();
    const stop = new AbortController();
    const writing = model.write([{ tokens }], 400, stop.signal);
    setImmediate(() => stop.abort());
    await expect(writing).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(await model.next([{ tokens }], 1, signal)).toHaveLength(1);
  });

  it('finds what a Gemma multiplies its rows by', async () => {
    const gemma = await openLocalVectorModel({ id: 'tiny-gemma', path: writeTinyGemma(folder), contextTokens: 256 });
    try {
      const { scale, width } = await gemma.fingerprint(signal);
      expect([scale, width]).toEqual([8, 64]);
      const tokens = await gemma.tokenize(TEXT, signal);
      const rows = await gemma.rows(tokens, signal);
      const asTokens = await gemma.logits([{ tokens }], signal);
      expect(await gemma.logits([{ vectors: rows.map((value) => value * scale) }], signal)).toEqual(asTokens);
      expect(await gemma.logits([{ vectors: rows }], signal)).not.toEqual(asTokens);
    } finally {
      await gemma.close();
    }
  });

  it('refuses a file that is no model', async () => {
    await expect(openLocalVectorModel({ id: 'none', path: join(folder, 'none.gguf') })).rejects.toMatchObject({
      code: 'ask.model-unusable',
    });
    const noise = join(folder, 'noise.gguf');
    writeFileSync(noise, Buffer.alloc(4_096, 7));
    await expect(openLocalVectorModel({ id: 'noise', path: noise })).rejects.toThrow(/GGUF/);
  });
});
