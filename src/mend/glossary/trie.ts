import { nearKeys, reading, readingsOf, soundKeys, stepsBetweenReadings } from '#words/index.ts';
import type { Token } from '../gate/index.ts';
import type { HeardTerm } from './terms.ts';

/** Terms by how they sound, so that all that may stand at a place are found in one walk. */
export interface Trie {
  /** Calls `found` with the number of each term that may have been heard from token `at` on, and how many tokens it takes. */
  walk(tokens: readonly Token[], at: number, found: (term: number, length: number) => void): void;
}

/** Terms of fewer sounds than this must be heard as near as `nearKeys` says; in longer ones one syllable may be a step away. */
const SLIPS_FROM = 3;
/** Places of the index that are looked at for one place of a text: some hundred are usual, and a list made to keep us busy must not. */
const MOST_NODES = 600;
/** Terms of the very same sound that are weighed against each other, the first ones. */
const MOST_ALIKE = 50;
/** Ways in which one term is filed. */
const MOST_WAYS = 16;
/** What one key of a node is multiplied by; there are never so many different keys. */
const KEYS = 2 ** 20;

/** Builds the index of the terms' sounds: some 40 bytes for each sound. */
export function trieOf(terms: readonly HeardTerm[]): Trie {
  const keys = new Map<string, number>();
  /** Children by node and key. */
  const edges = new Map<number, number>();
  const ends = new Map<number, number[]>();
  let nodes = 1;
  const keyOf = (name: string): number => {
    const before = keys.get(name);
    if (before !== undefined) return before;
    keys.set(name, keys.size);
    return keys.size - 1;
  };

  for (const [number, { units }] of terms.entries()) {
    let reached = [0];
    for (const unit of units) {
      const names = unit.reading ? syllableNames(unit.reading.syllable) : namesOf(unit);
      reached = reached.flatMap((node) =>
        names.map((name) => {
          const edge = node * KEYS + keyOf(name);
          const child = edges.get(edge) ?? nodes++;
          edges.set(edge, child);
          return child;
        }),
      );
      // A syllable with f- is filed twice; a long row of them must not double each time.
      reached = reached.slice(0, MOST_WAYS);
    }
    for (const node of reached) {
      const before = ends.get(node);
      if (before) before.push(number);
      else ends.set(node, [number]);
    }
  }

  const neighbours = new Map<string, readonly number[]>();
  /** The keys that a syllable is one step away from. */
  const nextTo = (syllable: string): readonly number[] => {
    const before = neighbours.get(syllable);
    if (before) return before;
    const own = reading(syllable);
    const made = [...keys].flatMap(([name, key]) => {
      if (!name.startsWith(SYLLABLE)) return [];
      const steps = stepsBetweenReadings(own, reading(name.slice(SYLLABLE.length)));
      return steps > 0.5 && steps <= 1 ? [key] : [];
    });
    if (neighbours.size < 10_000) neighbours.set(syllable, made);
    return made;
  };

  const heard = new Map<string, { keys: readonly number[]; slips: readonly number[] }>();
  const soundsOf = (token: Token) => {
    const before = heard.get(token.text);
    if (before) return before;
    const known = namesOf(token).flatMap((name) => keys.get(name) ?? []);
    const syllables = token.kind === 'han' ? readingsOf(token.text).map(({ syllable }) => syllable) : [];
    const slips = [...new Set(syllables.flatMap(nextTo))].filter((key) => !known.includes(key));
    if (heard.size > 20_000) heard.clear();
    heard.set(token.text, { keys: known, slips });
    return { keys: known, slips };
  };

  return {
    walk(tokens, at, found) {
      let left = MOST_NODES;
      const go = (node: number, length: number, slips: number) => {
        left -= 1;
        if (left < 0) return;
        if (length >= (slips > 0 ? SLIPS_FROM : 2))
          for (const term of (ends.get(node) ?? []).slice(0, MOST_ALIKE)) found(term, length);
        const token = tokens[at + length];
        if (!token || token.kind === 'mark') return;
        const sounds = soundsOf(token);
        for (const key of sounds.keys) {
          const child = edges.get(node * KEYS + key);
          if (child !== undefined) go(child, length + 1, slips);
        }
        if (slips > 0) return;
        for (const key of sounds.slips) {
          const child = edges.get(node * KEYS + key);
          if (child !== undefined) go(child, length + 1, 1);
        }
      };
      go(0, 0, 0);
    },
  };
}

const SYLLABLE = 's ';

function syllableNames(syllable: string): string[] {
  return nearKeys(syllable).map((key) => SYLLABLE + key);
}

/** What a token is filed under: the near keys of all its readings, the sound of a word, or itself. */
function namesOf({ text, kind }: Token): string[] {
  if (kind === 'word') return soundKeys(text).map((key) => `w ${key}`);
  const syllables = kind === 'han' ? readingsOf(text).map(({ syllable }) => syllable) : [];
  return syllables.length === 0 ? [`c ${text}`] : [...new Set(syllables.flatMap(syllableNames))];
}
