import { align } from '#score/index.ts';
import { type Dictionary, margins, readingsOf, soundsOf } from '#words/index.ts';
import type { Passage, Place } from './passages.ts';

/** A model chooses better among few. */
const MOST = 4;

/** Passages whose places know what the second reader has there, and where one character of the same sound would be more probable. */
export function withCandidates(passages: readonly Passage[], dictionary: Dictionary | null): Passage[] {
  return passages.map((passage) => {
    const better = dictionary === null ? [] : margins(passage.text, dictionary);
    const places = passage.places.map((place) => {
      const others = [...place.candidates, secondAt(passage, place), ...homophonesAt(passage, place, better)];
      const candidates = [...new Set(others)].filter((one) => one !== null && one !== '' && one !== place.text);
      return { ...place, candidates: candidates.slice(0, MOST) as string[] };
    });
    return { ...passage, places };
  });
}

/** What the second reader has in this place; `null` where it was not asked or has nothing there. */
function secondAt({ text, second }: Passage, { start, end }: Place): string | null {
  if (second === null) return null;
  const points = [...second];
  const { spans } = align([...text], points);
  const inside = spans.filter(({ reference }) => reference.start < end && reference.end > start);
  const heard = inside.flatMap(({ kind, reference, hypothesis }) => {
    if (kind !== 'hit' && kind !== 'substitution') return [];
    const from = hypothesis.start + Math.max(0, start - reference.start);
    const to = hypothesis.end - Math.max(0, reference.end - end);
    return points.slice(from, to);
  });
  return heard.length === 0 ? null : heard.join('').trim();
}

/** The place with each of its characters that another of the same sound would better, one at a time, the best first. */
function homophonesAt(
  { text: whole }: Passage,
  { text, start, end }: Place,
  better: ReturnType<typeof margins>,
): string[] {
  return better
    .filter(({ at, bits, best }) => at >= start && at < end && best !== null && bits !== null && bits > 0)
    .filter(({ at, best }) => isSpokenSo([...whole], at, best ?? ''))
    .sort((a, b) => (b.bits ?? 0) - (a.bits ?? 0))
    .map(({ at, best }) => [...text].with(at - start, best ?? '').join(''));
}

/** Whether a character sounds like the one it replaces where it stands, and not in other words only (无 as mó, in 南无). */
function isSpokenSo(points: readonly string[], at: number, other: string): boolean {
  const now = soundsOf(points.with(at, other).join(''))[at]?.inContext;
  return (
    now !== undefined && now !== null && readingsOf(points[at] ?? '').some(({ syllable }) => syllable === now.syllable)
  );
}
