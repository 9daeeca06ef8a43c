import { describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { Embedder } from '#contract/ports.ts';
import { cosine, examineEmbedder } from './conformance.ts';
import { fakeEmbedder } from './fake.ts';
import { EMBEDDERS, type EmbedRequest, embed, embedderEntry } from './index.ts';

examineEmbedder('the fake', async () => fakeEmbedder());

async function embedded(request: EmbedRequest, embedder: Embedder = fakeEmbedder()) {
  const losses: Loss[] = [];
  const { signal } = new AbortController();
  return { ...(await embed(request, embedder, { signal, note: (loss) => losses.push(loss) })), losses };
}

describe('embed', () => {
  it('gives a vector for each text and counts the tokens of all', async () => {
    const { vectors, tokens, losses } = await embedded({ texts: ['one two', 'three'] });
    expect(vectors.map(({ length }) => length)).toEqual([64, 64]);
    expect(tokens).toBe(3);
    expect(losses).toEqual([]);
  });

  it.each([[[]], [['']], [['fine', ' \n\t']], [['...']]])('refuses %j', async (texts) => {
    await expect(embedded({ texts })).rejects.toMatchObject({
      code: 'embed.bad-input',
      hint: expect.stringMatching(/./),
    });
  });

  it.each([0, -1, 1.5, 65, Number.NaN])('refuses %s dimensions before it computes anything', async (dimensions) => {
    const idle = { ...fakeEmbedder(), embed: () => Promise.reject(new Error('must not be asked')) };
    await expect(embedded({ texts: ['one'], dimensions }, idle)).rejects.toMatchObject({
      code: 'embed.bad-input',
      details: { dimensions, maxDimensions: 64 },
    });
  });

  it('cuts to fewer dimensions, with length 1, and says so once', async () => {
    const texts = ['one two three', 'four'];
    const whole = await embedded({ texts, dimensions: 64 });
    const { vectors, losses } = await embedded({ texts, dimensions: 48, part: 'part-1' });
    expect(whole.losses).toEqual([]);
    expect(vectors.map(({ length }) => length)).toEqual([48, 48]);
    for (const vector of vectors.filter((vector) => vector.some((value) => value !== 0))) {
      expect(cosine(vector, vector)).toBeCloseTo(1);
    }
    expect(losses).toMatchObject([
      { kind: 'shortened', stage: 'embed', part: 'part-1', engine: 'fake', extent: 16, unit: 'dimensions' },
    ]);
  });

  it('notes each text of which a considerable share is unknown to the model', async () => {
    const { losses } = await embedded({
      texts: ['all of it is known', '你好 世界', 'hello 世界 and all of you good people'],
      part: 'part-1',
    });
    expect(losses).toMatchObject([
      { kind: 'language-unsupported', stage: 'embed', part: 'part-1', extent: 1, unit: 'share of tokens' },
    ]);
    expect(losses[0]?.message).toContain('2 of the 2 tokens in text 2 of 3');
  });

  it('claims nothing where the engine cannot tell', async () => {
    const fake = fakeEmbedder();
    const silent: Embedder = {
      ...fake,
      embed: async (texts, context) =>
        (await fake.embed(texts, context)).map((embedding) => ({ ...embedding, unknownTokens: null })),
    };
    expect((await embedded({ texts: ['你好'] }, silent)).losses).toEqual([]);
  });
});

describe('embedders', () => {
  it('are found by their id, or refused with the names there are', () => {
    for (const entry of EMBEDDERS) expect(embedderEntry(entry.id)).toBe(entry);
    expect(() => embedderEntry('ada')).toThrowError(
      expect.objectContaining({ code: 'embed.unknown-model', hint: expect.stringContaining('all-minilm-l6-v2') }),
    );
  });
});
