import type { Dictionary, Prefix } from './dictionary.ts';
import { isHanUnit, unitAt } from './lattice.ts';
import { nearKeys } from './near.ts';
import { type Reading, reading, readingsOf } from './pinyin.ts';
import { stretchesOf } from './stretches.ts';

/** Longer words are their own witness: nothing sounds like them. */
const LONGEST = 5;
/** Words counted less often are not what somebody meant instead. */
const LEAST_COUNT = 3;
/** Bits that a character costs which is not the written one, by how alike they sound: the same, another tone, near. Not fitted. */
const COST = { same: 3, tone: 5, near: 7 } as const;
/** Combinations of readings that are looked up for one stretch of characters. */
const MOST_READINGS = 16;

/**
 * How probable each code point of a text is as written, 0–1, when every stretch of it could also be another word that sounds the same
 * or near: the sum over all cuts into words, each by its frequency and by how far its sound is from the written one (forward and
 * backward over the lattice). `null` for what is no Chinese character of the basic plane. About 0.1 ms a character.
 */
export function writtenAsHeard(text: string, dictionary: Dictionary): (number | null)[] {
  const found: (number | null)[] = [];
  for (const { text: stretch } of stretchesOf(text)) {
    const shares = sharesIn(stretch, dictionary);
    for (let unit = 0; unit < stretch.length; unit += 1) {
      const code = stretch.charCodeAt(unit);
      if ((code & 0xfc00) !== 0xdc00) found.push(isHanUnit(code) ? (shares[unit] ?? null) : null);
    }
  }
  return found;
}

/** A word that may stand from one place to another; `same` has a bit for each of its characters that is the written one. */
interface Edge {
  readonly start: number;
  readonly end: number;
  readonly bits: number;
  readonly same: number;
}

function sharesIn(text: string, dictionary: Dictionary): Float64Array {
  const edges = edgesOf(text, dictionary);
  const length = text.length;
  const before = new Sums(length + 1);
  const after = new Sums(length + 1);
  before.add(0, 0);
  for (const { start, end, bits } of edges) before.add(end, before.at(start) + bits);
  after.add(length, 0);
  for (let at = edges.length - 1; at >= 0; at -= 1) {
    const edge = edges[at];
    if (edge) after.add(edge.start, after.at(edge.end) + edge.bits);
  }
  const whole = before.at(length);
  const shares = new Float64Array(length);
  for (const { start, end, bits, same } of edges) {
    const share = 2 ** (before.at(start) + bits + after.at(end) - whole);
    for (let at = start; at < end; at += 1) if (same & (1 << (at - start))) shares[at] = (shares[at] ?? 0) + share;
  }
  return shares.map((share) => Math.min(1, share));
}

/** Sums of probabilities as base-2 logarithms: those of a long text are too small for a number. */
class Sums {
  readonly #values: Float64Array;
  constructor(length: number) {
    this.#values = new Float64Array(length).fill(Number.NEGATIVE_INFINITY);
  }
  at(place: number): number {
    return this.#values[place] ?? Number.NEGATIVE_INFINITY;
  }
  add(place: number, bits: number): void {
    const [high, low] = [Math.max(this.at(place), bits), Math.min(this.at(place), bits)];
    this.#values[place] = low === Number.NEGATIVE_INFINITY ? high : high + Math.log2(1 + 2 ** (low - high));
  }
}

/** Every word at every place, as written and as it sounds, in order of where it starts. */
function edgesOf(text: string, dictionary: Dictionary): Edge[] {
  const sounds = soundsOf(dictionary);
  const heard = Array.from({ length: text.length }, () => NO_READINGS);
  for (let unit = 0; unit < text.length; unit += 1) {
    if (isHanUnit(text.charCodeAt(unit))) heard[unit] = readingsOf(String.fromCharCode(unitAt(text, unit, dictionary)));
  }
  const edges: Edge[] = [];
  for (let start = 0; start < text.length; start += 1) {
    if (!isHanUnit(text.charCodeAt(start))) {
      edges.push({ start, end: start + 1, bits: 0, same: 0 });
      continue;
    }
    let prefix: Prefix | undefined = dictionary.all;
    let hashes = [0];
    for (let end = start + 1; end <= Math.min(text.length, start + LONGEST); end += 1) {
      if (!isHanUnit(text.charCodeAt(end - 1))) break;
      prefix = prefix && dictionary.step(prefix, unitAt(text, end - 1, dictionary));
      const written = prefix ? dictionary.wordAt(prefix) : -1;
      const length = end - start;
      if (written >= 0) edges.push({ start, end, bits: dictionary.logProbability(written), same: (1 << length) - 1 });
      else if (length === 1) edges.push({ start, end, bits: dictionary.unknown, same: 1 });
      const classes = sounds.classesOf(heard[end - 1] ?? NO_READINGS);
      hashes = hashes.flatMap((hash) => classes.map((one) => joined(hash, one))).slice(0, MOST_READINGS);
      const seen = new Set([written]);
      for (const hash of hashes) {
        for (const word of sounds.words(hash)) {
          if (seen.has(word)) continue;
          seen.add(word);
          const edge = edgeOf(word, { text, heard, start, end }, dictionary, sounds);
          if (edge) edges.push(edge);
        }
      }
    }
  }
  return edges;
}

const NO_READINGS: readonly Reading[] = [];

interface Place {
  readonly text: string;
  readonly heard: readonly (readonly Reading[])[];
  readonly start: number;
  readonly end: number;
}

/** A word that stands for another; `undefined` where it only shares the hash. */
function edgeOf(word: number, place: Place, dictionary: Dictionary, sounds: Sounds): Edge | undefined {
  const { text, heard, start, end } = place;
  const spelled = dictionary.text(word);
  if (spelled.length !== end - start) return undefined;
  let bits = dictionary.logProbability(word);
  let same = 0;
  for (let at = 0; at < spelled.length; at += 1) {
    if (spelled.charCodeAt(at) === unitAt(text, start + at, dictionary)) {
      same |= 1 << at;
      continue;
    }
    const cost = sounds.cost(dictionary.syllable(word, at), heard[start + at] ?? NO_READINGS);
    if (cost === undefined) return undefined;
    bits -= cost;
  }
  return { start, end, bits, same };
}

interface Sounds {
  /** Numbers of the sounds that some readings have, near ones taken together. */
  classesOf(readings: readonly Reading[]): readonly number[];
  /** The words of a hash of classes, and perhaps others that only share it. */
  words(hash: number): Iterable<number>;
  /** Bits between a syllable of the dictionary and the closest of some readings; `undefined` where it is another sound. */
  cost(syllable: number, readings: readonly Reading[]): number | undefined;
}

const HASH_LIMIT = 2 ** 31;
/** More than the most words a dictionary can have, so that hash and word fit in one number. */
const WORD_LIMIT = 2 ** 22;

function joined(hash: number, one: number): number {
  return (Math.imul(hash, 16_777_619) ^ (one + 1)) & (HASH_LIMIT - 1);
}

const known = new WeakMap<Dictionary, Sounds>();

/** The dictionary by near sound: sorted numbers, made when first asked for (about 0.1 s). */
function soundsOf(dictionary: Dictionary): Sounds {
  const before = known.get(dictionary);
  if (before) return before;
  const readings = dictionary.syllables.map(reading);
  const numbers = new Map<string, number>();
  const classes = readings.map(({ syllable }) => numberOf(nearClass(syllable), numbers));
  const keys: number[] = [];
  for (let word = 0; word < dictionary.words; word += 1) {
    const { length } = dictionary.text(word);
    if (length > LONGEST || dictionary.count(word) < LEAST_COUNT) continue;
    let hash = 0;
    for (let at = 0; at < length; at += 1) hash = joined(hash, classes[dictionary.syllable(word, at)] ?? 0);
    keys.push(hash * WORD_LIMIT + word);
  }
  const sorted = Float64Array.from(keys).sort();
  const made: Sounds = {
    classesOf: (heard) => [...new Set(heard.map(({ syllable }) => numberOf(nearClass(syllable), numbers)))],
    *words(hash) {
      for (let at = firstFrom(sorted, hash * WORD_LIMIT); at < sorted.length; at += 1) {
        const key = sorted[at] ?? 0;
        if (key >= (hash + 1) * WORD_LIMIT) return;
        yield key % WORD_LIMIT;
      }
    },
    cost(syllable, heard) {
      const other = readings[syllable];
      if (!other) return undefined;
      let least: number | undefined;
      for (const mine of heard) {
        if (mine === other) return COST.same;
        if (mine.syllable === other.syllable) least = COST.tone;
        else if (least === undefined && nearClass(mine.syllable) === nearClass(other.syllable)) least = COST.near;
      }
      return least;
    },
  };
  known.set(dictionary, made);
  return made;
}

function nearClass(syllable: string): string {
  return nearKeys(syllable)[0] ?? syllable;
}

function numberOf(name: string, numbers: Map<string, number>): number {
  const before = numbers.get(name);
  if (before !== undefined) return before;
  numbers.set(name, numbers.size);
  return numbers.size - 1;
}

function firstFrom(sorted: Float64Array, key: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
