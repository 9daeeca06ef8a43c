import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, estimatedTokens, halved, type Passage } from './cut.ts';

const plain = (text: string, more: Partial<Passage> = {}): Passage => ({
  text,
  fromMs: null,
  toMs: null,
  page: null,
  ...more,
});
const texts = (passages: readonly Passage[]) => passages.map(({ text }) => text);
const bare = (text: string) => text.replaceAll(/\s/gu, '');

describe('cutting texts for a search space', () => {
  it('cuts English between sentences', () => {
    const text = 'The train is late. It stops in every town. We shall be there at noon.';
    expect(texts(cut([plain(text)], { maxTokens: 8, overlap: 0 }))).toEqual([
      'The train is late.',
      'It stops in every town.',
      'We shall be there at noon.',
    ]);
    expect(cut([plain(text)], { maxTokens: 100, overlap: 0 })).toEqual([plain(text)]);
  });

  it('cuts Chinese between sentences', () => {
    const text = '今天天气很好。我们去公园吧！你觉得怎么样？';
    expect(texts(cut([plain(text)], { maxTokens: 8, overlap: 0 }))).toEqual([
      '今天天气很好。',
      '我们去公园吧！',
      '你觉得怎么样？',
    ]);
  });

  it('repeats the last sentences of a piece at the start of the next, as far as the overlap allows', () => {
    const text = 'One two three. Four five six. Seven eight nine. Ten eleven twelve.';
    expect(texts(cut([plain(text)], { maxTokens: 8, overlap: 4 }))).toEqual([
      'One two three. Four five six.',
      'Four five six. Seven eight nine.',
      'Seven eight nine. Ten eleven twelve.',
    ]);
  });

  it('keeps the time from the first to the last segment of a piece, and puts spaces where the language has them', () => {
    const heard = [
      plain('Good morning.', { fromMs: 0, toMs: 900 }),
      plain('The train is late.', { fromMs: 1_000, toMs: 2_500 }),
      plain('We wait.', { fromMs: 3_000, toMs: 3_400 }),
    ];
    expect(cut(heard, { maxTokens: 9, overlap: 0 })).toEqual([
      plain('Good morning. The train is late.', { fromMs: 0, toMs: 2_500 }),
      plain('We wait.', { fromMs: 3_000, toMs: 3_400 }),
    ]);
    expect(texts(cut([plain('今天很好'), plain('我们走吧')], { maxTokens: 50, overlap: 0 }))).toEqual([
      '今天很好我们走吧',
    ]);
  });

  it('never puts two pages into one piece', () => {
    const pages = [plain('First page.', { page: 1 }), plain('Second page.', { page: 2 })];
    expect(cut(pages, { maxTokens: 100, overlap: 50 })).toEqual(pages);
  });

  it('cuts a sentence that is too long between words, and a word that is too long between letters', () => {
    const pieces = cut([plain(`${'word '.repeat(30)}${'x'.repeat(400)}`)], { maxTokens: 10, overlap: 0 });
    for (const { text } of pieces) expect(estimatedTokens(text)).toBeLessThanOrEqual(10);
    expect(bare(texts(pieces).join(''))).toBe('word'.repeat(30) + 'x'.repeat(400));
  });

  it('halves a piece, and says where nothing can be cut', () => {
    const [one, other] = halved(plain('One two three. Four five six.', { fromMs: 0, toMs: 9 })) ?? [];
    expect([one, other]).toEqual([
      plain('One two three.', { fromMs: 0, toMs: 9 }),
      plain('Four five six.', { fromMs: 0, toMs: 9 }),
    ]);
    expect(halved(plain('x'))).toBeNull();
  });

  it('loses no letter and ends, whatever it is given', () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', 'é', '字', '。', '.', ' ', '\n', '1', '，', '😀', '-'),
      maxLength: 300,
    });
    const property = fc.property(
      fc.array(letters, { maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      (all, maxTokens) => {
        const whole = cut(
          all.map((text) => plain(text)),
          { maxTokens, overlap: 0 },
        );
        expect(bare(texts(whole).join(''))).toBe(bare(all.join('')));
        for (const { text } of whole) expect(estimatedTokens(text)).toBeLessThanOrEqual(Math.max(2, maxTokens));
        const shared = cut(
          all.map((text) => plain(text)),
          { maxTokens, overlap: maxTokens },
        );
        expect(shared.length).toBeGreaterThanOrEqual(whole.length);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
