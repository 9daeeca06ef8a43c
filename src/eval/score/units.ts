/**
 * What two texts are compared by. `content` forgives how a thing is written: width, case, punctuation, and traditional or
 * simplified characters. `verbatim` forgives nothing but space.
 */
export type Strictness = 'content' | 'verbatim';

/** `word`: what stands between spaces. `character`: each character. `mixed`: Chinese characters, and words of other scripts. */
export type Unit = 'word' | 'character' | 'mixed';

/** The unit a language is scored by: words, or characters where it has no spaces; both where it is mixed (`zh+en`). */
export function unitFor(language: string | null): Unit {
  if (language?.includes('+')) return 'mixed';
  return /^(zh|yue|ja|th|lo|km|my)\b/i.test(language ?? '') ? 'character' : 'word';
}

/** Cuts a text into the units it is scored by. */
export async function unitsOf(text: string, unit: Unit, strictness: Strictness): Promise<string[]> {
  const written = strictness === 'content' ? await plain(text) : text.normalize('NFC');
  if (unit === 'character') return [...written.replaceAll(/\s+/gu, '')];
  const words = written.split(/\s+/u).filter((word) => word !== '');
  if (unit === 'word') return words;
  return words.flatMap((word) => word.match(/\p{Script=Han}|[^\p{Script=Han}]+/gu) ?? []);
}

let simplified: Promise<(text: string) => string> | undefined;

/** Case, width and punctuation gone, Chinese simplified. An apostrophe inside a word is part of it; a hyphen parts two. */
async function plain(text: string): Promise<string> {
  simplified ??= import('opencc-js/t2cn').then(({ Converter }) => Converter({ from: 't', to: 'cn' }));
  const simplify = await simplified;
  return simplify(text.normalize('NFKC'))
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/(?<![\p{L}\p{N}])'|'(?![\p{L}\p{N}])/gu, ' ')
    .replaceAll(/[^\p{L}\p{N}\p{M}']+/gu, ' ');
}
