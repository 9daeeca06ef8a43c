import { describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { MediaEmbedder } from '#contract/ports.ts';
import { cosine, examineMediaEmbedder, hum, paper } from './conformance.ts';
import { type EmbedMediaRequest, embedMedia } from './embed-media.ts';
import { fakeMediaEmbedder } from './fake.ts';

examineMediaEmbedder('the fake', async () => fakeMediaEmbedder());

async function made(request: EmbedMediaRequest, embedder: MediaEmbedder = fakeMediaEmbedder()) {
  const losses: Loss[] = [];
  const context = { signal: new AbortController().signal, note: (loss: Loss) => losses.push(loss) };
  return { ...(await embedMedia(request, embedder, context)), losses };
}
const text = (words: string) => ({ kind: 'text', text: words }) as const;
const red = { kind: 'medium', medium: paper('p', [250, 0, 0]) } as const;

describe('texts and media together', () => {
  it('have vectors in their order, alike where they mean the same', async () => {
    const { vectors, losses, tokens } = await made({ items: [text('a blue sea'), red, text('red')] });
    expect(vectors).toHaveLength(3);
    expect(cosine(vectors[1]!, vectors[2]!)).toBeGreaterThan(0.98);
    expect(cosine(vectors[1]!, vectors[0]!)).toBeLessThan(0.2);
    expect([losses, tokens]).toEqual([[], null]);
  });

  it('say when a text is in a script the embedder was not trained on', async () => {
    const { losses } = await made({ items: [red, text('红色的墙 red'), text('mostly English 墙')] });
    expect(losses).toMatchObject([
      { kind: 'language-unsupported', stage: 'embed', engine: 'colours', unit: 'share of letters' },
    ]);
    expect(losses[0]?.message).toContain('input 2 of 3');
    const fake = fakeMediaEmbedder();
    const any = { ...fake, capabilities: { ...fake.capabilities, languages: 'any' as const } };
    expect((await made({ items: [text('红色的墙')] }, any)).losses).toEqual([]);
  });

  it('are cut to fewer dimensions and say so', async () => {
    const { vectors, losses } = await made({ items: [red, text('green')], dimensions: 2 });
    expect(vectors.map((vector) => vector.length)).toEqual([2, 2]);
    for (const vector of vectors) expect(cosine(vector, vector)).toBeCloseTo(1);
    expect(losses).toMatchObject([{ kind: 'shortened', extent: 2, unit: 'dimensions' }]);
  });

  it('add up what a server counted', async () => {
    const fake = fakeMediaEmbedder();
    const counting: MediaEmbedder = {
      ...fake,
      texts: async (texts, context) => {
        context.spent?.(3);
        return fake.texts(texts, context);
      },
      media: async (media, context) => {
        context.spent?.(40);
        return fake.media(media, context);
      },
    };
    expect((await made({ items: [text('red'), red] }, counting)).tokens).toBe(43);
  });

  it.each<[string, EmbedMediaRequest]>([
    ['nothing at all', { items: [] }],
    ['an empty text', { items: [red, text(' \n')] }],
    ['no dimension', { items: [red], dimensions: 0 }],
    ['too many', { items: [red], dimensions: 5 }],
    ['a sound', { items: [{ kind: 'medium', medium: hum('s', 440) }] }],
  ])('refuse %s', async (_, request) => {
    await expect(made(request)).rejects.toMatchObject({ code: 'embed.bad-input' });
  });
});
