import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddableMedium, Embedder, Embedding, MediaEmbedder } from '#contract/ports.ts';

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

/** A picture of one colour. */
export function paper(
  part: string,
  [red, green, blue]: readonly [number, number, number],
  sidePx = 40,
): EmbeddableMedium {
  const rgb = new Uint8Array(sidePx * sidePx * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb.set([red, green, blue], at);
  return { part, pixels: { widthPx: sidePx, heightPx: sidePx, rgb } };
}

/** A tone of one pitch, in pieces. */
export function hum(part: string, pitchHz: number, durationMs = 1_000): EmbeddableMedium {
  const samples = Float32Array.from(
    { length: durationMs * 16 },
    (_, at) => 0.3 * Math.sin((2 * Math.PI * pitchHz * at) / 16_000),
  );
  return {
    part,
    sound: {
      sampleRateHz: 16_000,
      async *pcm() {
        for (let from = 0; from < samples.length; from += 4_096) yield samples.subarray(from, from + 4_096);
      },
    },
  };
}

/** The exam for the port MediaEmbedder. `make` is called once; the engine is closed at the end. It must tell colours and pitches apart. */
export function examineMediaEmbedder(name: string, make: () => Promise<MediaEmbedder>): void {
  describe(`${name} as an embedder of media`, () => {
    let embedder: MediaEmbedder;
    beforeAll(async () => {
      embedder = await make();
    });
    afterAll(() => embedder?.close());

    const context = (signal = new AbortController().signal) => ({ signal, note: () => {} });
    const some = (): EmbeddableMedium[] => [
      ...(embedder.capabilities.takes.includes('image')
        ? [paper('p-1', [200, 20, 10]), paper('p-2', [10, 20, 200]), paper('p-3', [20, 200, 10], 90)]
        : []),
      ...(embedder.capabilities.takes.includes('audio')
        ? [hum('s-1', 220), hum('s-2', 880), hum('s-3', 3_000, 400)]
        : []),
    ];
    const check = (vectors: readonly Float32Array[], count: number) => {
      expect(vectors).toHaveLength(count);
      for (const vector of vectors) {
        expect(vector).toHaveLength(embedder.capabilities.dimensions);
        expect(vector.every(Number.isFinite)).toBe(true);
        expect(cosine(vector, vector)).toBeCloseTo(1, 4);
      }
    };

    it('says what it takes, and that is texts and more', () => {
      const { takes, preprocessing, weightsSha256 } = embedder.capabilities;
      expect(takes).toContain('text');
      expect(takes.length).toBeGreaterThan(1);
      expect(preprocessing).not.toBe('');
      expect(weightsSha256 ?? '0'.repeat(64)).toMatch(/^[0-9a-f]{64}$/);
    });

    it('makes finite vectors of length 1, of texts and of media', async () => {
      const texts = ['red', '蓝色的海', 'a high tone'];
      check(await embedder.texts(texts, context()), texts.length);
      check(await embedder.media(some(), context()), some().length);
      expect(await embedder.texts([], context())).toEqual([]);
      expect(await embedder.media([], context())).toEqual([]);
    });

    it('gives a medium the same vector alone and among others, and keeps their order', async () => {
      const all = await embedder.media(some(), context());
      for (const [at, medium] of some().entries()) {
        const [alone] = await embedder.media([medium], context());
        expect(cosine(alone as Float32Array, all[at] as Float32Array)).toBeGreaterThan(0.9999);
      }
      expect(cosine(all[0] as Float32Array, all[1] as Float32Array)).toBeLessThan(0.9999);
    });

    it('gives a text the same vector alone and among others', async () => {
      const texts = ['red', 'a much longer text about something blue', 'blue'];
      const all = await embedder.texts(texts, context());
      for (const [at, text] of texts.entries()) {
        const [alone] = await embedder.texts([text], context());
        expect(cosine(alone as Float32Array, all[at] as Float32Array)).toBeGreaterThan(0.9999);
      }
    });

    it('refuses what it does not take', async () => {
      const { takes } = embedder.capabilities;
      const others = [
        ...(takes.includes('image') ? [] : [paper('p-9', [1, 2, 3])]),
        ...(takes.includes('audio') ? [] : [hum('s-9', 440)]),
      ];
      for (const other of others) {
        await expect(embedder.media([other], context())).rejects.toMatchObject({ code: 'embed.bad-input' });
      }
    });

    it('stops when cancelled and works again afterwards', async () => {
      const stopped = AbortSignal.abort();
      await expect(embedder.media(some(), context(stopped))).rejects.toMatchObject({ code: 'kit.cancelled' });
      await expect(embedder.texts(['red'], context(stopped))).rejects.toMatchObject({ code: 'kit.cancelled' });
      check(await embedder.texts(['red'], context()), 1);
    });
  });
}
