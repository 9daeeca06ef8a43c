import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import { modelFolder } from '../../test/model-folder.ts';
import { cosine, examineEmbedder } from './conformance.ts';
import { SENTENCE_MODELS } from './engines/sentence/model.ts';
import { readTokenizer } from './engines/sentence/tokens.ts';
import { embed, embedderEntry, shortened } from './index.ts';

interface Reference {
  sentences: { text: string; tokens: number; firstEight: number[]; firstEightFloat32: number[] }[];
  similarities: number[][];
  similaritiesFloat32: number[][];
  tokenized: { text: string; ids: number[] }[];
}

const reference: Reference = JSON.parse(readFileSync(new URL('./__fixtures__/minilm.json', import.meta.url), 'utf8'));
const sentences = reference.sentences.map(({ text }) => text);
const entry = embedderEntry('all-minilm-l6-v2');
const minilm = async () => entry.create(await modelFolder(entry.model));

examineEmbedder('MiniLM', minilm);

it('reads texts as the tokenizer the model was trained with does, letter by rare letter', async () => {
  const tokens = await readTokenizer(await modelFolder(entry.model), SENTENCE_MODELS.minilm);
  expect(reference.tokenized.length).toBeGreaterThan(30);
  for (const { text, ids } of reference.tokenized) expect([text, ...tokens(text).ids]).toEqual([text, ...ids]);
});

describe('MiniLM', async () => {
  const embedder = await minilm();
  afterAll(() => embedder.close());

  const run = async (texts: readonly string[], dimensions?: number) => {
    const losses: Loss[] = [];
    const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
    return { ...(await embed({ texts, dimensions }, embedder, context)), losses };
  };

  it('is what its entry says', () => {
    expect(embedder).toMatchObject({ id: entry.id, capabilities: entry.capabilities });
    expect(embedder.capabilities.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives the numbers that the same file gives in Python', async () => {
    const { vectors, tokens, losses } = await run(sentences);
    expect(losses).toEqual([]);
    expect(tokens).toBe(reference.sentences.reduce((sum, sentence) => sum + sentence.tokens, 0));
    for (const [at, { firstEight }] of reference.sentences.entries()) {
      for (const [place, value] of firstEight.entries()) expect(vectors[at]?.[place]).toBeCloseTo(value, 4);
    }
    for (const [a, row] of reference.similarities.entries()) {
      for (const [b, value] of row.entries()) expect(cosine(vectors[a]!, vectors[b]!)).toBeCloseTo(value, 4);
    }
  });

  it('stays near the model before its weights were made small', async () => {
    const { vectors } = await run(sentences);
    const apart = reference.similaritiesFloat32.flatMap((row, a) =>
      row.map((value, b) => Math.abs(cosine(vectors[a]!, vectors[b]!) - value)),
    );
    console.log(`int8 and float32: similarities differ by at most ${Math.max(...apart).toFixed(4)}`);
    expect(Math.max(...apart)).toBeLessThan(0.01);
    for (const [at, { firstEightFloat32 }] of reference.sentences.entries()) {
      for (const [place, value] of firstEightFloat32.entries()) {
        expect(Math.abs((vectors[at]?.[place] ?? 0) - value)).toBeLessThan(0.01);
      }
    }
  });

  it.each([
    '我的中国',
    '请问这个多少钱？',
    '東京は日本の首都です。',
    'Привет, как дела?',
    'مرحبا كيف حالك',
    '안녕하세요',
    '😀👍',
  ])('notes that it can make nothing of %s', async (text) => {
    const { losses, vectors } = await run(['This is English.', text]);
    expect(vectors).toHaveLength(2);
    expect(losses).toMatchObject([{ kind: 'language-unsupported', stage: 'embed', engine: entry.id }]);
    expect(losses[0]?.extent).toBeGreaterThan(0.5);
    expect(losses[0]?.message).toContain('text 2 of 2');
  });

  it('keeps most of the meaning in shorter vectors and says that they are', async () => {
    const whole = (await run(sentences)).vectors;
    const { vectors, losses } = await run(sentences, 192);
    expect(losses.map(({ kind }) => kind)).toEqual(['shortened']);
    expect(vectors).toEqual(whole.map((vector) => shortened(vector, 192)));
    expect(cosine(vectors[0]!, vectors[1]!)).toBeGreaterThan(cosine(vectors[0]!, vectors[3]!) + 0.3);
  });

  it('says how fast it is', async () => {
    await run(sentences);
    const timed = async (texts: readonly string[]) => {
      const start = performance.now();
      expect((await run(texts)).vectors).toHaveLength(texts.length);
      return performance.now() - start;
    };
    const alone = [];
    for (let round = 0; round < 20; round += 1) alone.push(await timed([sentences[2]!]));
    const manyMs = await timed(Array.from({ length: 1_000 }, (_, at) => `${sentences[at % 4]} (${at})`));
    const longMs = await timed([Array.from({ length: 510 }, () => 'word').join(' ')]);
    const median = alone.sort((a, b) => a - b)[10] ?? 0;
    console.log(
      `MiniLM: one sentence ${median.toFixed(1)} ms, 510 tokens ${longMs.toFixed(0)} ms, ${(1e6 / manyMs).toFixed(0)} sentences a second`,
    );
  });
});
