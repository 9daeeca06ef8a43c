import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHARACTERS_PER_SYLLABLE, compareSounds, readTables, type Tables, unusable } from './dictionary-file.ts';

/** Words of one beginning: `low` to `high` (exclusive) in the sorted dictionary, which agree in `depth` code units. */
export interface Prefix {
  readonly low: number;
  readonly high: number;
  readonly depth: number;
}

/** A word of a text: `start` and `end` are code units, `word` its number in the dictionary, -1 for a character it does not have. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly word: number;
}

/** Characters of one syllable, the most frequent first, with how often each was counted in running text. */
export interface Candidates {
  readonly units: Uint16Array;
  readonly counts: Uint32Array;
}

/**
 * Chinese words with counts from running text and their pronunciation. Probabilities are base-2 logarithms of the share
 * of all running words, so that differences are bits.
 */
export interface Dictionary {
  readonly words: number;
  /** How many running words were counted. */
  readonly tokens: number;
  /** Every prefix begins with this one. */
  readonly all: Prefix;
  /** What a character costs that is in no word, half of a word counted once. */
  readonly unknown: number;
  /** The code unit by which one of a text is looked up: a traditional character's simplified one, else itself. */
  simplified(unit: number): number;
  /** The words that go on with this code unit; `undefined` where there are none. */
  step(prefix: Prefix, unit: number): Prefix | undefined;
  /** The number of the word a prefix is, -1 where it is only a beginning. */
  wordAt(prefix: Prefix): number;
  /** The number of a word, -1 where the dictionary does not have it. */
  find(word: string): number;
  text(word: number): string;
  count(word: number): number;
  logProbability(word: number): number;
  /** One syllable with tone for each character, such as `xing2 shi4`. */
  sound(word: number): string;
  /** The syllable of a word's character, by number; for `spokenAs`. */
  syllable(word: number, at: number): number;
  /** What the numbers of syllables stand for, such as `xing2`. */
  readonly syllables: readonly string[];
  /** All words that sound like this one with tone, itself among them, the most frequent first. */
  sameSound(word: number): Uint32Array;
  /** The most frequent characters that can be spoken as a syllable: with its tone, or with any. At most 40. */
  spokenAs(syllable: number, sameTone: boolean): Candidates;
}

/** The file in a model's folder that holds the dictionary. */
const DICTIONARY_FILE = 'words.bin';

/** Opens the dictionary in a folder of the model store. Throws `models.file-unusable`. */
export async function openDictionary(folder: string): Promise<Dictionary> {
  const path = join(folder, DICTIONARY_FILE);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unusable(path, 'chinese-words', cause);
  });
  return dictionaryOf(readTables(bytes, path));
}

/** The dictionary over its columns. */
export function dictionaryOf(tables: Tables): Dictionary {
  const { starts, units, counts, syllables, names, bySound } = tables;
  const words = counts.length;
  const firsts = firstUnits(tables);
  const script = scriptTable(tables.script);
  let tokens = 0;
  for (const count of counts) tokens += count;
  const logTokens = Math.log2(Math.max(tokens, 1));
  const logs = Float32Array.from(counts, (count) => Math.log2(Math.max(count, 0.5)) - logTokens);
  const withoutTone = tonelessCandidates(tables);
  const length = (word: number) => (starts[word + 1] ?? 0) - (starts[word] ?? 0);

  function step({ low, high, depth }: Prefix, unit: number): Prefix | undefined {
    if (depth === 0) return some(firsts[unit] ?? 0, firsts[unit + 1] ?? 0, 1);
    // The word that is no longer than the prefix comes first.
    const from = length(low) === depth ? low + 1 : low;
    const first = lowest(from, high, depth, unit);
    return some(first, lowest(first, high, depth, unit + 1), depth + 1);
  }

  /** The first word from `low` on whose code unit at `depth` is at least `unit`. */
  function lowest(low: number, high: number, depth: number, unit: number): number {
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((units[(starts[middle] ?? 0) + depth] ?? 0) < unit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function find(word: string): number {
    let prefix: Prefix | undefined = { low: 0, high: words, depth: 0 };
    for (let at = 0; at < word.length && prefix; at += 1) prefix = step(prefix, word.charCodeAt(at));
    return prefix && word !== '' ? wordAt(prefix) : -1;
  }

  function wordAt({ low, depth }: Prefix): number {
    return length(low) === depth ? low : -1;
  }

  return {
    ...{ words, tokens, step, find, wordAt, unknown: -1 - logTokens, all: { low: 0, high: words, depth: 0 } },
    syllables: names,
    simplified: (unit) => script[unit] ?? unit,
    text: (word) => String.fromCharCode(...units.subarray(starts[word], starts[word + 1])),
    count: (word) => counts[word] ?? 0,
    logProbability: (word) => logs[word] ?? -1 - logTokens,
    sound: (word) =>
      Array.from(syllables.subarray(starts[word], starts[word + 1]), (syllable) => names[syllable] ?? '').join(' '),
    syllable: (word, at) => syllables[(starts[word] ?? 0) + at] ?? 0,
    sameSound(word) {
      const compare = (index: number) => compareSounds(starts, syllables, bySound[index] ?? 0, word);
      const from = firstWhere(words, (index) => compare(index) >= 0);
      return bySound.subarray(
        from,
        firstWhere(words, (index) => compare(index) > 0),
      );
    },
    spokenAs: (syllable, sameTone) => (sameTone ? withTone(tables, syllable) : withoutTone(syllable)),
  };
}

function some(low: number, high: number, depth: number): Prefix | undefined {
  return low < high ? { low, high, depth } : undefined;
}

/** Where the words that begin with each code unit start. */
function firstUnits({ starts, units, counts }: Tables): Uint32Array {
  const firsts = new Uint32Array(0x10001);
  for (let word = 0; word < counts.length; word += 1) {
    const next = (units[starts[word] ?? 0] ?? 0) + 1;
    firsts[next] = (firsts[next] ?? 0) + 1;
  }
  for (let unit = 1; unit < firsts.length; unit += 1) firsts[unit] = (firsts[unit] ?? 0) + (firsts[unit - 1] ?? 0);
  return firsts;
}

function scriptTable(pairs: Uint16Array): Uint16Array {
  const table = Uint16Array.from({ length: 0x10000 }, (_, unit) => unit);
  for (let at = 0; at + 1 < pairs.length; at += 2) table[pairs[at] ?? 0] = pairs[at + 1] ?? 0;
  return table;
}

function withTone({ heard, heardUnits, heardCounts }: Tables, syllable: number): Candidates {
  const [from, to] = [heard[syllable], heard[syllable + 1]];
  return { units: heardUnits.subarray(from, to), counts: heardCounts.subarray(from, to) };
}

/** Joins the characters of a syllable's tones when they are first asked for. */
function tonelessCandidates(tables: Tables): (syllable: number) => Candidates {
  const bare = tables.names.map((name) => name.replace(/\d$/, ''));
  const known = new Map<string, Candidates>();
  return (syllable) => {
    const wanted = bare[syllable] ?? '';
    const before = known.get(wanted);
    if (before) return before;
    const counts = new Map<number, number>();
    for (const [other, name] of bare.entries()) {
      if (name !== wanted) continue;
      const tone = withTone(tables, other);
      for (const [at, unit] of tone.units.entries()) counts.set(unit, tone.counts[at] ?? 0);
    }
    const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, CHARACTERS_PER_SYLLABLE);
    const made = {
      units: Uint16Array.from(most, ([unit]) => unit),
      counts: Uint32Array.from(most, ([, count]) => count),
    };
    known.set(wanted, made);
    return made;
  };
}

function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
