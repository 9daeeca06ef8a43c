import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { nowMs } from '#kit/clock.ts';
import { workerStates } from '#runtime/worker/host.ts';
import { openEmbeddingTable } from '#tokens/index.ts';
import { modelFolder } from '../../../test/model-folder.ts';
import { type LocalVectorModel, openLocalVectorModel } from './local.ts';

const { signal } = new AbortController();

describe.each([
  { id: 'smollm2-135m-instruct', type: 'Q8_0', width: 576 },
  { id: 'qwen2.5-coder-0.5b-instruct', type: 'Q5_0', width: 896 },
])('$id', ({ id, type, width }) => {
  let model: LocalVectorModel;
  beforeAll(async () => {
    model = await openLocalVectorModel({ id, path: join(await modelFolder(id), 'model.gguf') });
  });
  afterAll(() => model.close());

  it('reads rows of its own table exactly as its tokens: 16 texts in four scripts and its chat template', async () => {
    const trip = await model.roundTrip(16, signal);
    console.log(`${id}:`, trip);
    expect(trip).toMatchObject({ maxAbsDiff: 0, argmaxAgreement: 1, scale: 1 });
    expect(trip.positions).toBeGreaterThan(200);
    expect(await model.fingerprint(signal)).toMatchObject({ tableType: type, width, scale: 1, perLayerInputs: false });
  });

  it('has the same rows by the engine’s own functions as by ours: every number, though not the sign of every zero', async () => {
    const { vocabulary } = await model.fingerprint(signal);
    const tokens = Array.from({ length: 2_000 }, (_, at) => Math.floor((at * (vocabulary ?? 0)) / 2_000));
    const rows = await model.rows(tokens, signal);
    const table = await openEmbeddingTable(model.path);
    const ours = await table.rows(tokens);
    await table.close();
    const other = ours.filter((row, at) => row.some((value, place) => value !== rows[at * width + place]));
    expect(other).toHaveLength(0);
  });

  it('takes rows among words exactly as their tokens, and understands them', async () => {
    const tokens = await model.templated('What is the capital of France?', signal);
    const middle = [5, tokens.length - 5] as const;
    const rows = await model.rows(tokens.slice(...middle), signal);
    const [before, after] = [{ tokens: tokens.slice(0, 5) }, { tokens: tokens.slice(-5) }];
    const mixed: PromptPiece[] = [before, { vectors: rows }, after];
    const words: PromptPiece[] = [before, { tokens: tokens.slice(...middle) }, after];
    expect(await model.logits(mixed, signal)).toEqual(await model.logits(words, signal));
    expect(await model.write(mixed, 12, signal)).toBe(await model.write(words, 12, signal));
    const known = await model.tokenize('The capital of France is', signal);
    const knownRows = await model.rows(known, signal);
    expect((await model.next([{ vectors: knownRows }], 1, signal))[0]?.text).toBe(' Paris');
    const [paris, stone] = [await model.tokenize(' Paris', signal), await model.tokenize(' stone', signal)];
    const likely = await model.score([{ vectors: knownRows }], paris, signal);
    expect(likely).toEqual(await model.score([{ tokens: known }], paris, signal));
    expect(likely[0]).toBeGreaterThan((await model.score([{ vectors: knownRows }], stone, signal))[0] ?? 0);
  });

  it('sees rows of another token as another word', async () => {
    const tokens = await model.templated('Repeat this word: house', signal);
    const rows = await model.rows(tokens, signal);
    const turned = rows.map((_, at) => rows[at % width === 0 ? at + width - 1 : at - 1] ?? 0);
    expect(await model.next([{ vectors: turned }], 5, signal)).not.toEqual(await model.next([{ tokens }], 5, signal));
  });

  it('stops within 120 ms in the middle of reading, without a new process', async () => {
    const tokens = await model.tokenize('the house on the hill '.repeat(200), signal);
    const pid = () => workerStates().find(({ name }) => name === id)?.pid;
    const before = pid();
    const stop = new AbortController();
    const reading = model.next([{ tokens }], 1, stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const startMs = nowMs();
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(nowMs() - startMs).toBeLessThan(120);
    expect(await model.next([{ tokens: tokens.slice(0, 4) }], 1, signal)).toHaveLength(1);
    expect(pid()).toBe(before);
  });

  it('refuses numbers that are none before the engine sees them', async () => {
    const rows = await model.rows([100, 200], signal);
    rows[width + 3] = Number.NaN;
    await expect(model.next([{ vectors: rows }], 1, signal)).rejects.toMatchObject({
      details: { code: 'EMB_NOT_FINITE', row: 1 },
    });
  });
});
