import type { Segment } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';

/** A place that may be wrong: code points of the text it stands in, how probably, and what may stand there instead. */
export interface Doubt {
  readonly start: number;
  readonly end: number;
  readonly pError: number;
  readonly candidates: readonly string[];
}

/** A doubtful place in a passage. Places are numbered through all passages of one question; code points are the passage's. */
export interface Place {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly candidates: readonly string[];
}

/** A stretch of a text with doubtful places in it. `start` is its own place in the text; `second` what another reader made of it. */
export interface Passage {
  readonly start: number;
  readonly text: string;
  readonly second: string | null;
  readonly places: readonly Place[];
}

/** Code points of a text that were heard as one, and what a second reader made of them. */
export interface Heard {
  readonly start: number;
  readonly end: number;
  readonly second: string | null;
}

/** A model is asked about no more than these, the most doubtful ones: the rest would cost more than it is worth. */
const MOST_PLACES = 24;
/** Small models lose count of more. */
const PLACES_AT_ONCE = 8;
/** How much of a long passage stands around its places, in code points. */
const AROUND = 80;
const LONG = 240;

/** Where each segment stands in a text that has them in order, with other things between or without. One that is not found is left out. */
export function heardIn(text: string, segments: readonly Pick<Segment, 'text' | 'second'>[]): Heard[] {
  const found: Heard[] = [];
  let unit = 0;
  let point = 0;
  for (const segment of segments) {
    const at = text.indexOf(segment.text, unit);
    if (at < 0 || segment.text === '') continue;
    const start = point + codePoints(text.slice(unit, at));
    const end = start + codePoints(segment.text);
    found.push({ start, end, second: segment.second?.text ?? null });
    unit = at + segment.text.length;
    point = end;
  }
  return found;
}

/** The doubtful places of a text in the passages they stand in, a few for each question. Neighbours are one place, and each lies in one passage. */
export function passagesOf(text: string, heard: readonly Heard[], doubts: readonly Doubt[]): Passage[][] {
  const points = [...text];
  const worst = joined(doubts)
    .sort((a, b) => b.pError - a.pError)
    .slice(0, MOST_PLACES);
  const questions: Passage[][] = [];
  let asked = PLACES_AT_ONCE;
  for (const stretch of heard) {
    const own = worst
      .filter(({ start, end }) => start >= stretch.start && end <= stretch.end && start < end)
      .sort((a, b) => a.start - b.start);
    for (let from = 0; from < own.length; from += PLACES_AT_ONCE) {
      const some = own.slice(from, from + PLACES_AT_ONCE);
      if (asked + some.length > PLACES_AT_ONCE) {
        questions.push([]);
        asked = 0;
      }
      questions.at(-1)?.push(passageOf(points, stretch, some, asked));
      asked += some.length;
    }
  }
  return questions;
}

function passageOf(points: readonly string[], stretch: Heard, doubts: readonly Doubt[], asked: number): Passage {
  const isLong = stretch.end - stretch.start > LONG;
  const first = doubts[0]?.start ?? stretch.start;
  const last = doubts.at(-1)?.end ?? stretch.end;
  const start = isLong ? Math.max(stretch.start, first - AROUND) : stretch.start;
  const end = isLong ? Math.min(stretch.end, last + AROUND) : stretch.end;
  const places = doubts.map((doubt, index) => ({
    number: asked + index + 1,
    start: doubt.start - start,
    end: doubt.end - start,
    text: points.slice(doubt.start, doubt.end).join(''),
    candidates: doubt.candidates,
  }));
  // What a second reader made of the whole says little of a part of it.
  const second = start === stretch.start && end === stretch.end ? stretch.second : null;
  return { start, text: points.slice(start, end).join(''), second, places };
}

/** Doubts that touch or overlap as one, as doubtful as the worst of them. Candidates for a part of it are no candidates for the whole. */
function joined(doubts: readonly Doubt[]): Doubt[] {
  const made: Doubt[] = [];
  for (const doubt of [...doubts].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = made.at(-1);
    if (!last || doubt.start > last.end) {
      made.push(doubt);
      continue;
    }
    const isSame = doubt.start === last.start && doubt.end === last.end;
    made[made.length - 1] = {
      start: last.start,
      end: Math.max(last.end, doubt.end),
      pError: Math.max(last.pError, doubt.pError),
      candidates: isSame ? [...new Set([...last.candidates, ...doubt.candidates])] : [],
    };
  }
  return made;
}
