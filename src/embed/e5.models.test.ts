import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { TextPurpose } from '#contract/ports.ts';
import { modelFolder } from '../../test/model-folder.ts';
import { SAME_IN_BOTH } from './__fixtures__/same-in-both.ts';
import { cosine, examineEmbedder } from './conformance.ts';
import { embed, embedderEntry } from './index.ts';

interface Reference {
  readonly texts: readonly { readonly text: string; readonly tokens: number; readonly vector: readonly number[] }[];
}

const reference: Reference = JSON.parse(
  readFileSync(new URL('./__fixtures__/multilingual-e5-small.json', import.meta.url), 'utf8'),
);
const entry = embedderEntry('multilingual-e5-small');
const e5 = async () => entry.create(await modelFolder(entry.model));

examineEmbedder('multilingual-e5-small', e5, { apart: 0.05 });

describe('multilingual-e5-small', async () => {
  const embedder = await e5();
  const minilmEntry = embedderEntry('all-minilm-l6-v2');
  const minilm = await minilmEntry.create(await modelFolder(minilmEntry.model));
  afterAll(() => Promise.all([embedder.close(), minilm.close()]));
  const context = { signal: new AbortController().signal, note: () => {} };
  const vectors = async (texts: readonly string[], purpose?: TextPurpose, by = embedder) =>
    (await embed({ texts, purpose }, by, context)).vectors;

  it('gives the vectors that the engine its weights were packed for gives', async () => {
    const made = await embedder.embed(
      reference.texts.map(({ text }) => text),
      context,
    );
    const near = reference.texts.map(({ vector }, at) => cosine(Float32Array.from(vector), made[at]!.vector));
    console.log(`cosine to the other engine: ${near.map((value) => value.toFixed(4)).join(' ')}`);
    for (const [at, { text, tokens }] of reference.texts.entries()) {
      // It takes ideographs beyond the first plane one by one, as SentencePiece does not.
      const rare = /[\u{20000}-\u{2ffff}]/u.test(text);
      expect([text, near[at]! > (rare ? 0.99 : 0.9995)]).toEqual([text, true]);
      if (!rare) expect([text, made[at]?.tokens]).toEqual([text, tokens]);
    }
  });

  it('tells a query from a document', async () => {
    const [query] = await vectors(['天气'], 'query');
    const [document] = await vectors(['天气'], 'document');
    const [same] = await vectors(['天气']);
    expect(cosine(query!, document!)).toBeLessThan(0.999);
    expect(cosine(query!, same!)).toBeGreaterThan(0.9999);
  });

  it('finds the English sentence to a Chinese one, which MiniLM does not', async () => {
    const found = async (by: typeof embedder, from: 0 | 1, to: 0 | 1) => {
      const queries = await vectors(
        SAME_IN_BOTH.map((pair) => pair[from]),
        'query',
        by,
      );
      const documents = await vectors(
        SAME_IN_BOTH.map((pair) => pair[to]),
        'document',
        by,
      );
      const right = queries.filter((query, at) => {
        const near = documents.map((document) => cosine(query, document));
        return near.indexOf(Math.max(...near)) === at;
      });
      return right.length;
    };
    const by = { e5: [await found(embedder, 0, 1), await found(embedder, 1, 0)], minilm: [await found(minilm, 0, 1)] };
    console.log(`of ${SAME_IN_BOTH.length}: E5 zh→en ${by.e5[0]}, en→zh ${by.e5[1]}; MiniLM zh→en ${by.minilm[0]}`);
    expect(Math.min(...by.e5)).toBeGreaterThanOrEqual(22);
    expect(by.minilm[0]).toBeLessThan(12);
  });
});
