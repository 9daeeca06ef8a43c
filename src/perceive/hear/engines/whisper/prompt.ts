import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';

/** The tokens of a prompt as they stand before the text, and how many of its beginning there was no room for. */
export interface PromptTokens {
  readonly ids: readonly number[];
  readonly leftOut: number;
}

/** Gives the tokens of a text, none of them special. */
export type Tokenise = (text: string) => readonly number[];

/** Whisper leaves half of its 448 places to what was said before (openai/whisper, decoding.py), one of them to a mark. */
export const MOST_PROMPT_TOKENS = 223;

/** Reads the model's own tokeniser. */
export async function readTokeniser(path: string): Promise<Tokenise> {
  const tokenizer = new Tokenizer(JSON.parse(await readFile(path, 'utf8')), {});
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;
}

/** Makes a prompt what Whisper takes for the text before: of a long one the end. A prompt without a letter is none. */
export function promptTokens(prompt: string, tokenise: Tokenise, firstSpecial: number): PromptTokens {
  if (!/[\p{L}\p{N}]/u.test(prompt)) return { ids: [], leftOut: 0 };
  // Text that spells a special token must not become one.
  const ids = tokenise(` ${prompt.trim()}`).filter((id) => id < firstSpecial);
  return { ids: ids.slice(-MOST_PROMPT_TOKENS), leftOut: Math.max(0, ids.length - MOST_PROMPT_TOKENS) };
}
