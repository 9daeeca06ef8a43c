import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Embedder, Embedding } from '#contract/ports.ts';

const GUITAR = 'A man is playing a guitar on the stage.';
const GUITARIST = 'A man plays the guitar on a stage.';
const SHARES = 'Shares fell sharply after the bank raised interest rates.';

/** Cosine similarity of two vectors of length 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

/**
 * The exam for the port Embedder. `make` is called once; the engine is closed at the end. Texts are English. `apart` is by how much
 * more alike what means the same must be than what does not: models trained with a low temperature put all texts near each other.
 */
export function examineEmbedder(name: string, make: () => Promise<Embedder>, { apart = 0.3 } = {}): void {
  describe(`${name} as an embedder`, () => {
    let embedder: Embedder;
    beforeAll(async () => {
      embedder = await make();
    });
    afterAll(() => embedder?.close());

    const run = (texts: readonly string[], signal = new AbortController().signal) =>
      embedder.embed(texts, { signal, note: () => {} });
    const one = async (text: string) => (await run([text]))[0] as Embedding;

    it('makes finite vectors of length 1 and says how much it read', async () => {
      const embeddings = await run([GUITAR, GUITARIST, SHARES]);
      expect(embeddings).toHaveLength(3);
      for (const { vector, tokens, unknownTokens } of embeddings) {
        expect(vector).toHaveLength(embedder.capabilities.dimensions);
        expect(cosine(vector, vector)).toBeCloseTo(1, 5);
        expect(tokens).toBeGreaterThan(4);
        expect(tokens).toBeLessThan(20);
        expect(unknownTokens ?? 0).toBe(0);
      }
      expect(await run([])).toEqual([]);
    });

    it('puts what means the same nearer than what does not', async () => {
      const guitar = (await one(GUITAR)).vector;
      const near = cosine(guitar, (await one(GUITARIST)).vector);
      expect(near).toBeGreaterThan(0.6);
      expect(near).toBeGreaterThan(cosine(guitar, (await one(SHARES)).vector) + apart);
    });

    it('gives a text the same vector alone and among many, and keeps their order', async () => {
      const texts = Array.from({ length: 150 }, (_, at) => `${'very '.repeat((at * 7) % 20)}good news, number ${at}`);
      const embeddings = await run(texts);
      expect(embeddings).toHaveLength(texts.length);
      for (const [at, embedding] of embeddings.entries()) {
        if (at % 40 !== 0) continue;
        const alone = await one(texts[at] ?? '');
        expect(cosine(alone.vector, embedding.vector)).toBeGreaterThan(0.9999);
        expect(embedding.tokens).toBe(alone.tokens);
      }
    });

    it('takes a text of the greatest length and refuses one more token, with the counts', async () => {
      const { maxTokens } = embedder.capabilities;
      // Behind an API nobody says how long a text may be; what a server refuses is in the tests of its wire.
      if (maxTokens === null) return;
      const words = (count: number) => Array.from({ length: count }, () => 'word').join(' ');
      expect((await one(words(maxTokens))).tokens).toBe(maxTokens);
      // A cut text would have the same vector whatever its end says.
      const [end, otherEnd] = await run([`${words(maxTokens - 1)} guitar`, `${words(maxTokens - 1)} money`]);
      expect(end?.vector).not.toEqual(otherEnd?.vector);
      await expect(run([GUITAR, words(maxTokens + 1), SHARES])).rejects.toMatchObject({
        code: 'embed.too-long',
        details: { text: 1, tokens: maxTokens + 1, maxTokens },
      });
    });

    it('stops when cancelled and works again afterwards', async () => {
      const controller = new AbortController();
      const cancelled = run(
        Array.from({ length: 500 }, () => GUITAR),
        controller.signal,
      );
      setTimeout(() => controller.abort(), 1);
      await expect(cancelled).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect((await one(GUITAR)).tokens).toBeGreaterThan(0);
    });
  });
}
