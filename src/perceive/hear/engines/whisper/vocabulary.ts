import { readFile } from 'node:fs/promises';

/** The UTF-8 bytes each token id spells; `undefined` for tokens that are no text. */
export type Vocabulary = readonly (Uint8Array | undefined)[];

/**
 * Reads the spellings from a byte-level `tokenizer.json`, in which each byte is written as a character of its own
 * (openai/gpt-2, encoder.py: printable bytes stand for themselves, the others for U+0100 onwards).
 */
export async function readVocabulary(path: string): Promise<Vocabulary> {
  const { model, added_tokens: added } = JSON.parse(await readFile(path, 'utf8')) as {
    model: { vocab: Record<string, number> };
    added_tokens: readonly { id: number }[];
  };
  const special = new Set(added.map((token) => token.id));
  const bytes = byteOfCharacter();
  const vocabulary: (Uint8Array | undefined)[] = [];
  for (const [spelling, id] of Object.entries(model.vocab)) {
    if (!special.has(id)) vocabulary[id] = Uint8Array.from(spelling, (character) => bytes.get(character) ?? 0x3f);
  }
  return vocabulary;
}

function byteOfCharacter(): Map<string, number> {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte += 1) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
    map.set(String.fromCodePoint(printable ? byte : next++), byte);
  }
  return map;
}
