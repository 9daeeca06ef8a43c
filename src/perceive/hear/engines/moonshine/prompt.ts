import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { MOST_PROMPT_WORDS } from './model.ts';

/** A tree of tokens: each path from its root to a node that `ends` spells a word. */
export interface WordNode {
  readonly next: ReadonlyMap<number, WordNode>;
  readonly ends: boolean;
}

/** The words of a prompt as the model may spell them: after a space, or inside, after a hyphen or a quotation mark. */
export interface PromptWords {
  readonly afterSpace: WordNode;
  readonly inside: WordNode;
  /** How many words are in the trees, and how many there was no room for. */
  readonly count: number;
  readonly leftOut: number;
  /** How much less probable than the model's own choice a word may be, in nats over all its tokens. */
  readonly bonus: number;
}

/** Gives the tokens of a text: `▁` stands for a space, and nothing is put before it. */
export type Tokenise = (text: string) => readonly number[];

/** Chosen by measurement (docs/decisions/2026-11-23-prompt-as-context.md). */
const WORD_BONUS = 3;
const LEAST_LETTERS = 3;
/**
 * The vocabulary's tokens are numbered as they were found, common ones first. A word that is one token below this is so
 * common that the model needs no help with it, and helping it would harm the words that sound like it.
 */
const COMMON_TOKENS = 3_000;

/** Reads the model's own tokeniser from its `tokenizer.json`, without the step that puts a space before each text. */
export async function readTokeniser(path: string): Promise<Tokenise> {
  const tokenizer = new Tokenizer({ ...JSON.parse(await readFile(path, 'utf8')), normalizer: null }, {});
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;
}

/** Takes the rarer words out of a prompt, each as it stands there, in lower case and capitalised. */
export function promptWords(prompt: string, tokenise: Tokenise, bonus = WORD_BONUS): PromptWords {
  const afterSpace = new Branch();
  const inside = new Branch();
  const rare = wordsOf(prompt).filter((word) => [...word].length >= LEAST_LETTERS && !isCommon(word, tokenise));
  const words = rare.slice(-MOST_PROMPT_WORDS);
  for (const word of words) {
    for (const spelling of spellings(word)) {
      afterSpace.add(tokenise(`▁${spelling}`));
      inside.add(tokenise(spelling));
    }
  }
  return { afterSpace, inside, count: words.length, leftOut: rare.length - words.length, bonus };
}

// A compound is one word, and each of its parts is one too.
function wordsOf(prompt: string): string[] {
  const found =
    prompt
      .normalize('NFC')
      .replaceAll('’', "'")
      .match(/[\p{L}\p{M}\p{N}]+(?:['-][\p{L}\p{M}\p{N}]+)*/gu) ?? [];
  return [...new Set(found.flatMap((word) => (word.includes('-') ? [word, ...word.split('-')] : [word])))];
}

function isCommon(word: string, tokenise: Tokenise): boolean {
  return spellings(word).some((spelling) => {
    const tokens = tokenise(`▁${spelling}`);
    return tokens.length === 1 && (tokens[0] ?? 0) < COMMON_TOKENS;
  });
}

function spellings(word: string): string[] {
  const [first = '', ...rest] = word;
  return [...new Set([word, word.toLowerCase(), first.toUpperCase() + rest.join('')])];
}

class Branch implements WordNode {
  readonly next = new Map<number, Branch>();
  ends = false;

  add(tokens: readonly number[]): void {
    let node: Branch = this;
    for (const token of tokens) {
      const next = node.next.get(token) ?? new Branch();
      node.next.set(token, next);
      node = next;
    }
    node.ends = true;
  }
}
