import type { Reading } from './pinyin.ts';

/** How alike two sounds are, from the same to another. `tone`: the same syllable in another tone. `near`: easily heard as each other. */
export type Likeness = 'same' | 'tone' | 'near' | 'other';

/**
 * How alike two readings are. Near are the pairs that many speakers do not tell apart, and recognisers neither: zh/z, ch/c, sh/s,
 * -ng/-n, l/n, f/h (research/loss.md §7). f/h both as written (fu/hu) and with the glide that h then has (fei/hui, fang/huang).
 */
export function likenessOfReadings(one: Reading, other: Reading): Likeness {
  if (one.syllable === other.syllable) return one.tone === other.tone ? 'same' : 'tone';
  return nearKeys(one.syllable).some((key) => nearKeys(other.syllable).includes(key)) ? 'near' : 'other';
}

const keys = new Map<string, readonly string[]>();

/** What a syllable is filed under so that near ones meet: two syllables are near when they share a key. One or two each. */
export function nearKeys(syllable: string): readonly string[] {
  const before = keys.get(syllable);
  if (before) return before;
  const plain = syllable
    .replace(/^([zcs])h/, '$1')
    .replace(/ng$/, 'n')
    .replace(/^l/, 'n');
  const made = plain.startsWith('f') ? [`h${plain.slice(1)}`, glided(plain.slice(1))] : [plain];
  if (keys.size < 10_000) keys.set(syllable, made);
  return made;
}

/** The final of f- as h- speaks it: fei as hui, fen as hun, fa as hua. */
function glided(final: string): string {
  if (final.startsWith('u')) return `h${final}`;
  return final.startsWith('e') ? `hu${final.slice(1)}` : `hu${final}`;
}
