import { PREFIXES, SUFFIXES } from './affixes.ts';
import type { Lexicon } from './lexicon.ts';
import { demote } from './stress.ts';
import { flaps } from './suffixes.ts';
import { VOWELS } from './symbols.ts';
import type { Variant } from './variant.ts';

/** Says a lower-case word that the lexicon lacks from parts that it has, or null: "dockerfile", "unfriend", "laggy". */
export type PartSayer = (word: string) => string | null;

const [SHORTEST_STEM, SHORTEST_REST] = [3, 4];
const byLength = (affixes: object): string[] => Object.keys(affixes).sort((a, b) => b.length - a.length);
const SUFFIX_NAMES = byLength(SUFFIXES);
const PREFIX_NAMES = byLength(PREFIXES);

/**
 * Tries stem and suffix, prefix and rest, then two whole words. `sayRest` says an inflected part ("file", "files").
 * Measured against the neural model on lexicon words held out: see docs/decisions/2026-11-23-english-phonemes.md.
 */
export function createPartSayer(
  lexicon: Lexicon,
  sayRest: (word: string) => string | null,
  variant: Variant,
): PartSayer {
  function common(word: string): string | null {
    const entry = lexicon.common(word);
    return (typeof entry === 'object' ? entry.DEFAULT : entry) ?? null;
  }

  function withSuffix(word: string): string | null {
    for (const suffix of SUFFIX_NAMES) {
      if (!word.endsWith(suffix) || word.length - suffix.length < SHORTEST_STEM) continue;
      const sound = SUFFIXES[suffix]?.[variant];
      const stem = stemSpellings(word.slice(0, -suffix.length), suffix).find((spelling) => common(spelling) !== null);
      if (stem !== undefined && sound !== undefined) return join(common(stem) ?? '', sound, /re?$/.test(stem));
    }
    return null;
  }

  /** Runs the suffix on: a flap or a silent r woken by its vowel, one l where two would meet. */
  function join(stem: string, sound: string, endsInR: boolean): string {
    if (sound === 'li' && /[ᵊə]l$/.test(stem)) return `${stem.slice(0, -2)}əli`;
    if (!VOWELS.has(sound.replace('ˌ', '').charAt(0))) return stem + sound;
    if (variant === 'gb') return stem + (endsInR && /[əː]$/.test(stem) ? 'ɹ' : '') + sound;
    return flaps(stem) && !sound.startsWith('ˌ') ? `${stem.slice(0, -1)}ɾ${sound}` : stem + sound;
  }

  function withPrefix(word: string): string | null {
    for (const prefix of PREFIX_NAMES) {
      if (!word.startsWith(prefix) || word.length - prefix.length < SHORTEST_REST) continue;
      const rest = sayRest(word.slice(prefix.length));
      const sound = PREFIXES[prefix]?.[variant];
      if (rest !== null && sound !== undefined) return sound + rest;
    }
    return null;
  }

  /** The most even split into two words; the first keeps the main stress, as in "keyboard". */
  function asCompound(word: string): string | null {
    const cuts = Array.from({ length: word.length }, (_, cut) => cut)
      .filter((cut) => cut >= SHORTEST_STEM && word.length - cut >= SHORTEST_REST)
      .sort((a, b) => Math.abs(a - word.length / 2) - Math.abs(b - word.length / 2));
    for (const cut of cuts) {
      const first = common(word.slice(0, cut));
      const second = first === null ? null : sayRest(word.slice(cut));
      if (first !== null && second !== null) return first + demote(second);
    }
    return null;
  }

  return (word) => withSuffix(word) ?? withPrefix(word) ?? asCompound(word);
}

/** How the stem may be written alone: as it stands, with its e ("caver"), undoubled ("logger"), with y ("happiness"). */
function stemSpellings(stem: string, suffix: string): string[] {
  const beforeVowel = /^[aeiy]/.test(suffix);
  return [
    stem,
    ...(beforeVowel ? [`${stem}e`] : []),
    ...(beforeVowel && /(.)\1$/.test(stem) ? [stem.slice(0, -1)] : []),
    ...(stem.endsWith('i') ? [`${stem.slice(0, -1)}y`] : []),
  ];
}
