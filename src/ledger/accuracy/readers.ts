import { align } from '#score/index.ts';
import { readingsOf, stepsBetween } from '#words/index.ts';
import type { Unit } from './units.ts';

export const READER_FEATURES = [
  'other-sound',
  'edit-length',
  'beside-left',
  'beside-right',
  'edits-near',
  'edits-rate',
] as const;

/** What another reading has in the place of each unit: the same text, another, or `''` for nothing. */
export function readInstead(units: readonly Unit[], other: readonly Unit[]): string[] {
  const instead = units.map(() => '');
  const mine = units.map(({ text }) => text);
  const theirs = other.map(({ text }) => text);
  for (const { kind, reference, hypothesis } of align(theirs, mine).spans) {
    if (kind !== 'hit' && kind !== 'substitution') continue;
    for (let at = hypothesis.start; at < hypothesis.end; at += 1)
      instead[at] = theirs[reference.start + at - hypothesis.start] ?? '';
  }
  return instead;
}

/** How another reading differs at each unit and around it, in the order of `READER_FEATURES`. */
export function readerRows(units: readonly Unit[], instead: readonly string[]): number[][] {
  const differs = units.map(({ text }, at) => (text === instead[at] ? 0 : 1));
  const rate = sumOf(differs) / Math.max(units.length, 1);
  const lengths = runLengths(differs);
  return units.map(({ text }, at) => [
    soundStep(text, instead[at] ?? ''),
    lengths[at] ?? 0,
    differs[at - 1] ?? 0,
    differs[at + 1] ?? 0,
    sumOf(differs.slice(Math.max(0, at - 3), at + 4)),
    rate,
  ]);
}

/** Farther than any two sounds. */
const NOTHING_THERE = 6;

/** 0 the same text, 1 another of the same sound and tone, then farther and farther in sound; 6 where the other has nothing. */
function soundStep(text: string, other: string): number {
  if (text === other) return 0;
  if (other === '') return NOTHING_THERE;
  const theirs = readingsOf(other);
  return readingsOf(text).some((mine) => theirs.includes(mine)) ? 1 : 1.5 + stepsBetween(text, other);
}

/** How long the run of 1s is that each place stands in; 0 outside. */
function runLengths(marks: readonly number[]): number[] {
  const lengths = marks.map(() => 0);
  for (let at = 0; at < marks.length; ) {
    let end = at;
    while (marks[end] === 1) end += 1;
    lengths.fill(end - at, at, end);
    at = Math.max(end, at + 1);
  }
  return lengths;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
