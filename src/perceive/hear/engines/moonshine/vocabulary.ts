import { readFile } from 'node:fs/promises';

/** The UTF-8 bytes each token id spells; `undefined` for tokens that are no text. */
export type Vocabulary = readonly (Uint8Array | undefined)[];

/**
 * Reads the spellings from a SentencePiece `tokenizer.json`: `▁` stands for a space, `<0x41>` for a single byte. Special
 * tokens, whatever their place, spell nothing.
 */
export async function readVocabulary(path: string): Promise<Vocabulary> {
  const { model, added_tokens: added } = JSON.parse(await readFile(path, 'utf8')) as {
    model: { vocab: Record<string, number> };
    added_tokens: readonly { id: number; special: boolean }[];
  };
  const special = new Set(added.filter((token) => token.special).map((token) => token.id));
  const vocabulary: (Uint8Array | undefined)[] = [];
  for (const [spelling, id] of Object.entries(model.vocab)) {
    if (!special.has(id)) vocabulary[id] = bytesOf(spelling);
  }
  return vocabulary;
}

function bytesOf(spelling: string): Uint8Array {
  const single = /^<0x([0-9A-F]{2})>$/.exec(spelling)?.[1];
  return single ? Uint8Array.of(Number.parseInt(single, 16)) : new TextEncoder().encode(spelling.replaceAll('▁', ' '));
}
