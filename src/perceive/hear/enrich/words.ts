import type { TimeSpan } from '#contract/finding.ts';
import type { Segment, Transcript } from '#contract/perception.ts';

/** A word and where it stands in the transcript's text, in code points. `timed`: its times were measured, not spread. */
export interface PlacedWord extends TimeSpan {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly timed: boolean;
  readonly segment: Segment;
}

/**
 * Finds every word of a transcript in its text, in order. A segment without words is one long word. What cannot be found (the text is
 * not the one the words were joined to) is left out: nothing can be said of a place that is not known.
 */
export function placedWords({ text, segments }: Transcript): PlacedWord[] {
  const placeOf = codePointPlaces(text);
  const words: PlacedWord[] = [];
  let at = 0;
  for (const segment of segments) {
    const from = segment.text === '' ? -1 : text.indexOf(segment.text, at);
    if (from < 0) continue;
    const end = from + segment.text.length;
    at = from;
    for (const word of segment.words.length > 0 ? segment.words : [{ ...segment, timeSource: 'model' }]) {
      const spelled = word.text.trim();
      const found = spelled === '' ? -1 : text.indexOf(spelled, at);
      if (found < 0 || found + spelled.length > end) continue;
      at = found + spelled.length;
      const [begins, ends] = [placeOf(found), placeOf(at)];
      if (begins === null || ends === null) continue;
      const { startMs, endMs } = word;
      const timed = word.timeSource !== 'interpolated';
      words.push({ text: spelled, from: begins, to: ends, startMs, endMs, timed, segment });
    }
    at = end;
  }
  return words;
}

// From a place in UTF-16 to one in code points; `null` in the middle of a surrogate pair.
function codePointPlaces(text: string): (at: number) => number | null {
  const places = new Int32Array(text.length + 1).fill(-1);
  let [at, place] = [0, 0];
  for (const character of text) {
    places[at] = place++;
    at += character.length;
  }
  places[at] = place;
  return (unit) => {
    const found = places[unit] ?? -1;
    return found < 0 ? null : found;
  };
}
