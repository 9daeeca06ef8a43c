import { describe, expect, it } from 'vitest';
import { foldTokens, tokenText } from './fold.ts';

const token = (text: string | number[], probability: number | null = 1) => ({
  bytes: typeof text === 'string' ? new TextEncoder().encode(text) : Uint8Array.from(text),
  logprob: probability === null ? null : Math.log(probability),
});
const texts = (...spelled: (string | number[])[]) => foldTokens(spelled.map((one) => token(one))).map((w) => w.text);

describe('foldTokens', () => {
  it('begins a word at a space and keeps punctuation with the word before', () => {
    expect(texts(' And', ' so', ',', ' ill', '-', 'dis', 'posed', '.')).toEqual(['And', 'so,', 'ill-disposed.']);
  });

  it('keeps apostrophes inside words', () => {
    expect(texts(' What', "'", 's', ' the')).toEqual(["What's", 'the']);
  });

  it('makes each character of a spaceless script a word, with its punctuation', () => {
    expect(texts('我', '们', '用', 'GP', 'T', '，', '好')).toEqual(['我', '们', '用', 'GPT，', '好']);
  });

  it('begins a word at a space that is a token of its own, as before digits', () => {
    expect(texts(' about', ' ', '1', '4', '5', '5', ',', ' ', '1', '0')).toEqual(['about', '1455,', '10']);
  });

  it('puts bytes together into characters', () => {
    expect(texts(' caf', [0xc3], [0xa9], [0xe6, 0x88], [0x91])).toEqual(['café', '我']);
  });

  it('does not lose bytes that spell nothing', () => {
    expect(texts(' a', [0xe6, 0x88])).toEqual(['a\ufffd']);
    expect(tokenText(Uint8Array.of(0xe6))).toBe('\ufffd');
  });

  it('does not take a dash between words for a word', () => {
    expect(texts(' -', ' Keep', ' -', ' going')).toEqual(['- Keep -', 'going']);
  });

  it('gives nothing for tokens that spell nothing', () => {
    expect(texts()).toEqual([]);
    expect(texts([], ' ')).toEqual([]);
  });

  it('multiplies the probabilities of the tokens that carry letters', () => {
    const [word] = foldTokens([token(' ill', 0.5), token('ness', 0.8), token(',', 0.1)]);
    expect(word?.confidence).toBeCloseTo(0.4);
    expect(word).toMatchObject({ first: 0, last: 2 });
  });

  it('says null when one token was not measured', () => {
    expect(foldTokens([token(' a', null)])[0]?.confidence).toBeNull();
  });
});
