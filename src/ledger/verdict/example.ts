import type { DoubtfulSpan } from '#contract/ledger.ts';
import { isHan, readingsOf, stepsBetween } from '#words/index.ts';
import type { Alike, Place } from './phrases.ts';

/** Longer quotes are cut: a headline is one sentence. */
const LONGEST_QUOTE = 12;

/** The same syllable in another tone, or one that many speakers do not tell from it. */
const NEAR_STEPS = 0.5;

/** The place that is worth naming: the most doubtful of those that have another way to read them, else the most doubtful of all. */
export function exampleOf(spans: readonly DoubtfulSpan[], manyParts: boolean, quotes: boolean): Place | null {
  const worst = (of: readonly DoubtfulSpan[]) =>
    of.reduce<DoubtfulSpan | null>((most, one) => (most === null || one.pError > most.pError ? one : most), null);
  const span = worst(spans.filter(({ alternatives }) => alternatives.length > 0)) ?? worst(spans);
  if (span === null) return null;
  const { part, start, end, text, alternatives } = span;
  const other = [...alternatives].sort((a, b) => (b.p ?? -1) - (a.p ?? -1))[0]?.text ?? null;
  const isQuoted = quotes && text !== null && text.trim() !== '';
  return {
    part: manyParts ? part : null,
    ...{ first: start + 1, last: Math.max(start + 1, end) },
    quote: isQuoted ? clipped(text) : null,
    other: isQuoted && other !== null && other.trim() !== '' ? clipped(other) : null,
    alike: isQuoted && other !== null ? soundAlike(text, other) : null,
  };
}

function clipped(text: string): string {
  const points = [...text.replaceAll(/[\s\p{C}]+/gu, ' ').trim()];
  return points.length > LONGEST_QUOTE ? `${points.slice(0, LONGEST_QUOTE).join('')}…` : points.join('');
}

/** How two writings sound beside each other, character by character; only of Chinese, where that is known. */
function soundAlike(one: string, other: string): Alike {
  const [mine, theirs] = [[...one], [...other]];
  if (mine.length !== theirs.length || mine.length > LONGEST_QUOTE || ![...mine, ...theirs].every(isHan)) return null;
  if (mine.every((character, at) => isSaidAs(character, theirs[at] ?? ''))) return 'same';
  return mine.every((character, at) => stepsBetween(character, theirs[at] ?? '') <= NEAR_STEPS) ? 'near' : null;
}

function isSaidAs(one: string, other: string): boolean {
  const theirs = readingsOf(other);
  return one === other || readingsOf(one).some(({ written }) => theirs.some((reading) => reading.written === written));
}
