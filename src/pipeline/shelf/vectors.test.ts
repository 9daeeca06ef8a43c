import { describe, expect, it } from 'vitest';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { Embedder } from '#contract/ports.ts';
import { fakeEmbedder } from '#embed/fake.ts';
import { placeTexts } from './vectors.ts';

const passage = (text: string) => ({ text, fromMs: 0, toMs: 9, page: null });

async function place(...texts: string[]) {
  const losses: Loss[] = [];
  const moves: string[] = [];
  const context = { signal: new AbortController().signal, note: (loss: Loss) => void losses.push(loss) };
  const placed = await placeTexts(texts.map(passage), fakeEmbedder(), context, (done, all) =>
    moves.push(`${done}/${all}`),
  );
  return { placed, losses, moves };
}

describe('placing texts in a space', () => {
  it('gives every text its vector, in order, and tells how far it has come', async () => {
    const { placed, losses, moves } = await place(...Array.from({ length: 40 }, (_, at) => `word number ${at}`));
    expect(placed.map((one) => one.passage.text).slice(0, 2)).toEqual(['word number 0', 'word number 1']);
    expect(placed).toHaveLength(40);
    expect(moves).toEqual(['32/40', '40/40']);
    expect(losses).toEqual([]);
  });

  it('cuts what its embedder finds too long, until it takes it, and loses no word', async () => {
    const long = Array.from({ length: 150 }, (_, at) => `w${at}`).join(' ');
    const { placed } = await place('short', long, 'end');
    expect(placed.length).toBeGreaterThanOrEqual(6);
    expect(placed.map((one) => one.passage.text).join(' ')).toBe(`short ${long} end`);
    for (const one of placed) expect(one.passage.toMs).toBe(9);
  });

  it('leaves out what nothing can be made of, and says so', async () => {
    const { placed, losses } = await place('one', '☂ ☂', 'two');
    expect(placed.map((one) => one.passage.text)).toEqual(['one', 'two']);
    expect(losses).toMatchObject([{ kind: 'not-retrieved', extent: 1, message: expect.stringContaining('1 of 3') }]);
  });

  it('says once of all texts that their language is not understood', async () => {
    const { placed, losses } = await place('我的 中国', '你 好', 'good morning');
    expect(placed).toHaveLength(3);
    expect(losses).toMatchObject([{ kind: 'language-unsupported', unit: 'share of pieces' }]);
    expect(losses[0]?.extent).toBeCloseTo(2 / 3);
  });

  it('passes on whatever else its embedder has lost', async () => {
    const losses: Loss[] = [];
    const context = { signal: new AbortController().signal, note: (loss: Loss) => void losses.push(loss) };
    const loss = lossOf({ kind: 'shortened', stage: 'embed', message: 'Fewer numbers.' });
    const fake = fakeEmbedder();
    const embedder: Embedder = {
      ...fake,
      embed(texts, own, purpose) {
        own.note(loss);
        return fake.embed(texts, own, purpose);
      },
    };
    await placeTexts([passage('one')], embedder, context);
    expect(losses).toEqual([loss]);
  });
});
