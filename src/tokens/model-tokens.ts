import { createHash } from 'node:crypto';
import { Tokenizer } from '@huggingface/tokenizers';
import type { Vocabulary } from './gguf-tokenizer.ts';
import { bytesOfPiece } from './token-bytes.ts';
import type { Trained } from './trained.ts';

/** A language model's tokenizer and, where its file has it, what its embedding table tells of each token. */
export interface ModelTokens {
  /** Name of the model with the first 12 hex digits of its vocabulary's SHA-256. */
  readonly id: string;
  /** How many tokens there are. */
  readonly size: number;
  /** The tokens of a text, without marks for its beginning or end. */
  encode(text: string): readonly number[];
  /** The text that tokens stand for. Bytes that make no character become U+FFFD. */
  decode(ids: readonly number[]): string;
  /** The tokens of a character within a text: without the space that some tokenizers put before the first word. */
  encodeCharacter(character: string): readonly number[];
  /** The bytes a token stands for; empty for a number that has no token. */
  bytesOf(id: number): Uint8Array;
  /** What the embedding table tells; `null` where there is none to read. */
  readonly trained: Trained | null;
}

/** Puts a vocabulary to work. */
export function makeModelTokens(vocabulary: Vocabulary, trained: Trained | null): ModelTokens {
  const { pieces, kind, literal } = vocabulary;
  const tokenizer = new Tokenizer(vocabulary.json, {});
  const bytes = new Map<number, Uint8Array>();
  const bytesOf = (id: number) => {
    let found = bytes.get(id);
    if (found === undefined) {
      found = bytesOfPiece(pieces[id] ?? '', kind, literal.has(id));
      bytes.set(id, found);
    }
    return found;
  };
  // The library gives no number for what a vocabulary without an unknown token cannot spell.
  const encode = (text: string): number[] => {
    if (text === '') return [];
    const ids: (number | undefined)[] = tokenizer.encode(text, { add_special_tokens: false }).ids;
    return ids.filter((id) => id !== undefined);
  };
  const startsWithSpace = bytesOf(encode('x')[0] ?? -1)[0] === 0x20;
  const decode = (ids: readonly number[]): string => {
    if (kind === 'plain')
      return ids.length === 0 ? '' : tokenizer.decode([...ids], { clean_up_tokenization_spaces: false });
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(ids.map(bytesOf)));
    return startsWithSpace && text.startsWith(' ') ? text.slice(1) : text;
  };
  return {
    id: `${vocabulary.name}@${hashOf(pieces)}`,
    size: pieces.length,
    ...{ encode, decode, bytesOf, trained },
    encodeCharacter: (character) => {
      const ids = encode(character);
      const first = bytesOf(ids[0] ?? -1);
      const isPrefix = startsWithSpace && character !== ' ' && first.length === 1 && first[0] === 0x20;
      return isPrefix ? ids.slice(1) : ids;
    },
  };
}

function hashOf(pieces: readonly string[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(`${piece}\0`);
  return hash.digest('hex').slice(0, 12);
}
