import { describe, expect, it } from 'vitest';
import { MOST_PROMPT_WORDS } from './model.ts';
import { promptWords, type WordNode } from './prompt.ts';

// A vocabulary in which common words are one token with a low number and every other letter is a token.
const COMMON = ['▁the', '▁and', '▁said'];
const tokenise = (text: string): number[] =>
  COMMON.includes(text) ? [COMMON.indexOf(text)] : [...text].map((letter) => 5_000 + (letter.codePointAt(0) ?? 0));

function spelled(node: WordNode, before = ''): string[] {
  const here = node.ends ? [before] : [];
  const longer = [...node.next].flatMap(([id, next]) => spelled(next, before + String.fromCodePoint(id - 5_000)));
  return [...here, ...longer];
}

describe('promptWords', () => {
  it('takes names and terms in the ways they may be written, after a space and without', () => {
    const words = promptWords('the Gutenberg, and', tokenise);
    expect(words.count).toBe(1);
    expect(spelled(words.afterSpace).sort()).toEqual(['▁Gutenberg', '▁gutenberg']);
    expect(spelled(words.inside).sort()).toEqual(['Gutenberg', 'gutenberg']);
  });

  it('leaves common and very short words alone, however they are written', () => {
    expect(promptWords('The AND said: ox, "the"', tokenise).count).toBe(0);
    expect(promptWords('', tokenise)).toMatchObject({ count: 0, leftOut: 0 });
  });

  it('takes a compound whole and apart', () => {
    const words = spelled(promptWords('ill-disposed', tokenise).afterSpace);
    expect(words).toEqual(expect.arrayContaining(['▁ill-disposed', '▁ill', '▁disposed']));
    expect(spelled(promptWords('O’Brien’s', tokenise).afterSpace)).toContain("▁O'Brien's");
  });

  it('takes the end of a prompt that is too long and counts the rest', () => {
    const names = Array.from({ length: MOST_PROMPT_WORDS + 5 }, (_, at) => `name${at}`);
    const words = promptWords(names.join(' '), tokenise);
    expect(words).toMatchObject({ count: MOST_PROMPT_WORDS, leftOut: 5 });
    expect(spelled(words.afterSpace)).toContain(`▁${names.at(-1)}`);
    expect(spelled(words.afterSpace)).not.toContain('▁name4');
  });
});
