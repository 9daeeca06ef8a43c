import {
  type Dictionary,
  latticeOf,
  likenessOfReadings,
  readingsOf,
  stepsBetweenReadings,
  wordsAlike,
} from '#words/index.ts';
import { isNumeral, type Token } from '../gate/index.ts';
import type { HeardTerm, Unit } from './terms.ts';

/** How a sound of a term was met by what stands in the text. */
type Met = 'same' | 'tone' | 'near' | 'step';

/**
 * How unlikely it is that a sound is met by chance, in bits: from how often two places of running Chinese have the same syllable with
 * tone (1 in 207), without (1 in 124), or near (1 in 98), counted over the references of AISHELL-1 and -2; one step away are some ten
 * times as many.
 */
const BITS: Readonly<Record<Met, number>> = { same: 7.7, tone: 7, near: 6.6, step: 3.3 };

/** What it costs that a sound was heard otherwise, in bits: as in the gate, where a step costs a thousandth. Another tone costs 3 bits in `eval/ledger/homophones.ts`, too. */
const DISTORTION: Readonly<Record<Met, number>> = { same: 0, tone: 3, near: 5, step: 10 };

/** How sure a replacement must be with a dictionary: a thousand to one. */
const CERTAIN = 10;
/** And by sound alone: 1 place in 30,000 may be chance. A text has many places. */
const CERTAIN_BY_SOUND = 15;
/** How far around a place words are looked at, in code points. */
const AROUND = 8;
/** The share of running words that a user's terms make up together; a guess on the careful side. */
const SHARE_OF_TERMS = 0.01;

/** A term that may have been said where tokens `from` to `to` (exclusive) stand. */
export interface Candidate {
  readonly term: HeardTerm;
  readonly from: number;
  readonly to: number;
}

export interface Evidence {
  readonly text: readonly string[];
  readonly tokens: readonly Token[];
  readonly terms: number;
  readonly dictionary: Dictionary | undefined;
}

/**
 * How many bits more than enough speak for a term; below 0 it is not put in. With a dictionary: how much more likely the text is with the
 * term in it than as it stands, less what the difference in sound costs. Without: how unlikely it is that one of so many terms sounds like this by chance. Numbers are never
 * changed, nor made.
 */
export function surplusOf({ term, from, to }: Candidate, evidence: Evidence): number {
  const found = evidence.tokens.slice(from, to);
  const met = term.units.map((unit, at) => metBy(unit, found[at]));
  if (met.includes(null)) return Number.NEGATIVE_INFINITY;
  const sum = (bits: Readonly<Record<Met, number>>) => met.reduce((total, how) => total + (how ? bits[how] : 0), 0);
  const { dictionary, terms } = evidence;
  const bySound = sum(BITS) - Math.log2(terms) - CERTAIN_BY_SOUND;
  // A character that the dictionary does not know makes anything else look likely.
  if (!dictionary || hasUnknown(found, dictionary)) return bySound;
  return gainOf(term, found, evidence, dictionary) - sum(DISTORTION) - CERTAIN;
}

function hasUnknown(found: readonly Token[], dictionary: Dictionary): boolean {
  const { pieces } = latticeOf(found.map(({ text }) => text).join(''), dictionary);
  return pieces.some(({ word }) => word < 0);
}

function metBy(unit: Unit, token: Token | undefined): Met | null {
  if (!token || unit.kind !== token.kind) return null;
  if (unit.text === token.text) return 'same';
  if (isNumeral(unit.text) || isNumeral(token.text)) return null;
  if (unit.kind === 'word')
    return { same: 'same', near: 'near', other: null }[wordsAlike(unit.text, token.text)] as Met | null;
  const own = unit.reading;
  if (!own) return null;
  let best: Met | null = null;
  for (const heard of readingsOf(token.text)) {
    const likeness = likenessOfReadings(own, heard);
    if (likeness === 'same') return 'same';
    if (likeness === 'tone') best = 'tone';
    else if (likeness === 'near') best = best === 'tone' ? best : 'near';
    else if (best === null && stepsBetweenReadings(own, heard) <= 1) best = 'step';
  }
  return best;
}

/** How many bits likelier the words around a place are with the term there than as they stand. */
function gainOf(term: HeardTerm, found: readonly Token[], { text, terms }: Evidence, dictionary: Dictionary): number {
  const [start, end] = [found[0]?.start ?? 0, found.at(-1)?.end ?? 0];
  const write = (from: number, to: number) => text.slice(Math.max(0, from), to).join('');
  const score = (part: string) => (part === '' ? 0 : latticeOf(part, dictionary).bits);
  const known = dictionary.find(term.text);
  const own = known < 0 ? Number.NEGATIVE_INFINITY : dictionary.logProbability(known);
  const with_ =
    score(write(start - AROUND, start)) +
    Math.max(own, Math.log2(SHARE_OF_TERMS / terms)) +
    score(write(end, end + AROUND));
  return with_ - score(write(start - AROUND, end + AROUND));
}
