import { type Dictionary, latticeOf, margins, writtenAsHeard } from '#words/index.ts';
import type { Unit } from './units.ts';

export const DICTIONARY_FEATURES = [
  'as-heard',
  'as-heard-beside',
  'as-heard-around',
  'as-heard-mean',
  'margin-same-tone',
  'margin-any-tone',
  'margin-left',
  'margin-right',
  'word-length',
  'word-bits',
  'word-bits-before',
  'word-bits-after',
  'single-run',
  'character-bits',
  'homophone-share',
  'text-bits',
  'units',
  'from-start',
  'to-end',
] as const;

/** Bits that stand for the margin of a character nothing else sounds like: lower than any. */
const NO_RIVAL = -60;

/** What the frequencies of words say of each unit, in the order of `DICTIONARY_FEATURES`; `NaN` for what is no Chinese character. */
export function dictionaryRows(text: string, units: readonly Unit[], dictionary: Dictionary): number[][] {
  const heard = writtenAsHeard(text, dictionary);
  const sameTone = byPlace(margins(text, dictionary));
  const anyTone = byPlace(margins(text, dictionary, { sameTone: false }));
  const words = wordsIn(text, dictionary);
  const shares = units.map(({ start }) => heard[start] ?? Number.NaN);
  const around = (at: number, far: number) => least(shares.slice(Math.max(0, at - far), at + far + 1));
  const mean = meanOf(shares);
  const any = units.map(({ start }) => anyTone.get(start) ?? NO_RIVAL);
  const textBits = meanOf(units.flatMap(({ start }) => words.get(start)?.bitsEach ?? []));
  return units.map((unit, at) => {
    const word = words.get(unit.start);
    if (unit.kind !== 'han' || !word) return DICTIONARY_FEATURES.map(() => Number.NaN);
    return [
      ...[shares[at] ?? Number.NaN, around(at, 1), around(at, 2), mean],
      ...[sameTone.get(unit.start) ?? NO_RIVAL, any[at] ?? NO_RIVAL, any[at - 1] ?? NO_RIVAL, any[at + 1] ?? NO_RIVAL],
      ...[word.length, word.bits, word.bitsBefore, word.bitsAfter, word.singles],
      ...[
        word.characterBits[unit.start - word.start] ?? Number.NaN,
        word.shares[unit.start - word.start] ?? Number.NaN,
      ],
      ...[textBits, units.length, at, units.length - at - 1],
    ];
  });
}

interface WordAt {
  readonly start: number;
  readonly length: number;
  /** What the word costs, and those beside it. */
  readonly bits: number;
  readonly bitsEach: number;
  bitsBefore: number;
  bitsAfter: number;
  /** How many words of one character stand in a row here. */
  singles: number;
  /** Of each of its characters: how rare it is, and its part of all characters of its sound. */
  readonly characterBits: readonly number[];
  readonly shares: readonly number[];
}

/** The words of the most probable cut, by the code points they cover. */
function wordsIn(text: string, dictionary: Dictionary): Map<number, WordAt> {
  const words: WordAt[] = [];
  const found = new Map<number, WordAt>();
  let unit = 0;
  let point = 0;
  for (const { start, end, word } of latticeOf(text, dictionary).pieces) {
    for (; unit < start; unit += 1) if ((text.charCodeAt(unit) & 0xfc00) !== 0xdc00) point += 1;
    const bits = -(word < 0 ? dictionary.unknown : dictionary.logProbability(word));
    const counts = Array.from({ length: end - start }, (_, at) =>
      word < 0 ? NEVER : countsAt(text.charCodeAt(start + at), dictionary.syllable(word, at), dictionary),
    );
    const one: WordAt = {
      ...{ start: point, length: end - start, bits, bitsEach: bits / (end - start) },
      ...{ bitsBefore: words.at(-1)?.bits ?? 0, bitsAfter: 0, singles: 0 },
      characterBits: counts.map(({ mine }) => Math.log2(dictionary.tokens / (mine + 0.5))),
      shares: counts.map(({ mine, all }) => (mine + 0.5) / (all + 1)),
    };
    const last = words.at(-1);
    if (last) last.bitsAfter = bits;
    words.push(one);
    for (let at = 0; at < end - start; at += 1) found.set(point + at, one);
  }
  countSingles(words);
  return found;
}

const NEVER = { mine: 0, all: 0 };

/** How often a character was counted, and all characters of its sound. */
function countsAt(unit: number, syllable: number, dictionary: Dictionary): { mine: number; all: number } {
  const { units, counts } = dictionary.spokenAs(syllable, true);
  const at = units.indexOf(dictionary.simplified(unit));
  return { mine: at < 0 ? 0 : (counts[at] ?? 0), all: counts.reduce((sum, count) => sum + count, 0) };
}

function countSingles(words: readonly WordAt[]): void {
  for (let at = 0; at < words.length; ) {
    let end = at;
    while (words[end]?.length === 1) end += 1;
    for (const word of words.slice(at, end)) word.singles = end - at;
    at = Math.max(end, at + 1);
  }
}

function byPlace(found: ReturnType<typeof margins>): Map<number, number | null> {
  return new Map(found.map(({ at, bits }) => [at, bits]));
}

function least(values: readonly number[]): number {
  return Math.min(...values.filter((value) => !Number.isNaN(value)));
}

function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / Math.max(known.length, 1);
}
