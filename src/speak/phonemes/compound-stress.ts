import { demote } from './stress.ts';
import { PRIMARY } from './symbols.ts';

const DIPHTHONGS = new Set('AIOQWYʤʧ');

/**
 * Settles the stress of a word said in several parts ("well-known"): of two, a single letter's partner steps back;
 * otherwise, when most parts carry a main stress, the lighter half gives its own up. `texts` and `phonemes` go together.
 */
export function settleStress(texts: readonly string[], phonemes: readonly string[]): string[] {
  const settled = [...phonemes];
  const said = phonemes.flatMap((sound, index) => (sound === '' ? [] : [{ index, sound, weight: weightOf(sound) }]));
  const [first, second] = said;
  if (first !== undefined && second !== undefined && said.length === 2 && texts[first.index]?.length === 1) {
    settled[second.index] = demote(second.sound);
    return settled;
  }
  const stressed = said.filter(({ sound }) => sound.includes(PRIMARY)).length;
  if (said.length < 2 || stressed <= Math.floor((said.length + 1) / 2)) return settled;
  const lightestFirst = said.toSorted(
    (a, b) =>
      Number(a.sound.includes(PRIMARY)) - Number(b.sound.includes(PRIMARY)) || a.weight - b.weight || a.index - b.index,
  );
  for (const { index, sound } of lightestFirst.slice(0, Math.floor(said.length / 2))) settled[index] = demote(sound);
  return settled;
}

function weightOf(phonemes: string): number {
  return Array.from(phonemes).reduce((weight, symbol) => weight + (DIPHTHONGS.has(symbol) ? 2 : 1), 0);
}
