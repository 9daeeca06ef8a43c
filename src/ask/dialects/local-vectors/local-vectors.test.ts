import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContentPart } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { type LibllamaProcess, startLibllama } from '#runtime/libllama/client.ts';
import { installedVersion } from '#runtime/optional.ts';
import { mediaPart } from '../../__fixtures__/media.ts';
import { askAll, examineLanguageModel } from '../../conformance.ts';
import { languageModelFor } from '../../language-model.ts';
import { writeTinyModels } from '../local-mtmd/__fixtures__/tiny-gguf.ts';

const isMissing = installedVersion('koffi') === null || installedVersion('node-llama-cpp') === null;
if (isMissing) console.log('skipped: koffi or node-llama-cpp is not installed');

const folder = mkdtempSync(join(tmpdir(), 'sensorium-local-vectors-'));
const { model: path } = writeTinyModels(folder);
afterAll(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();

describe.skipIf(isMissing)('a model of this machine that takes vectors', () => {
  const open = () => languageModelFor(path, { vectors: true, contextTokens: 1024 });
  examineLanguageModel('a tiny model that takes vectors', open);

  let model: LanguageModel;
  let engine: LibllamaProcess;
  beforeAll(async () => {
    model = await open();
    engine = startLibllama('the same', { path, contextTokens: 1024, threads: 1 });
  });
  afterAll(async () => {
    await model.close();
    await engine.close();
  });

  const vectorsOf = async (text: string): Promise<ContentPart> => {
    const tokens = await engine.tokenize(text, signal);
    const values = await engine.rows(tokens, signal);
    const shape = { rows: tokens.length, width: values.length / tokens.length, values };
    return {
      kind: 'vectors',
      vectors: { part: 'part-1', ...shape, surrogate: text, sha256: '0'.repeat(64), component: null },
    };
  };
  const ask = (content: readonly ContentPart[], more = {}) =>
    askAll(model, { messages: [{ role: 'user', content }], maxTokens: 12, ...more });

  it('says that it takes them', () => {
    expect(model.capabilities.embeddings).toBe(true);
  });

  it('hears other rows as other words', async () => {
    const answer = async (text: string) => (await ask([await vectorsOf(text)])).answer.text;
    const [moon, ship] = [await answer('the old moon'), await answer('a red ship')];
    expect(await answer('the old moon')).toBe(moon);
    expect(ship).not.toBe(moon);
  });

  it('refuses media, and rows of another width', async () => {
    const picture = mediaPart('image', 'image/png', new Uint8Array(8));
    expect(model.accepts?.(picture.media)).toBe(false);
    await expect(ask([{ kind: 'media', media: picture }])).rejects.toMatchObject({ code: 'ask.refused' });
    const part = await vectorsOf('the old moon');
    if (part.kind !== 'vectors') return;
    const narrow = { ...part.vectors, rows: part.vectors.rows * 2, width: part.vectors.width / 2 };
    await expect(ask([{ kind: 'vectors', vectors: narrow }])).rejects.toMatchObject({ blame: 'caller' });
  });

  it('says what it does not heed', async () => {
    const tools = [{ name: 'look' }];
    const { losses } = await ask([{ kind: 'text', text: 'the moon' }], { frequencyPenalty: 1, tools });
    expect(losses.map(({ kind, text }) => `${kind} ${text}`).sort()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/option-ignored .*tools/),
        expect.stringMatching(/option-ignored .*frequency/),
      ]),
    );
  });

  it('has one process with whoever else opened the same file', async () => {
    await model.warm();
    const before = engine.worker.pid;
    await ask([{ kind: 'text', text: 'the moon' }]);
    expect(engine.worker.pid).toBe(before);
  });

  it('refuses a file that is not there', async () => {
    const missing = await languageModelFor(join(folder, 'none.gguf'), { vectors: true });
    await expect(askAll(missing, { messages: [{ role: 'user', content: 'Hello' }] })).rejects.toMatchObject({
      code: 'ask.unknown-model',
    });
    await missing.close();
  });
});
