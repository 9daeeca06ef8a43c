import { type Perception, type Timeline, type Transcript, textGiven } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';

/**
 * The text given to the model with a space for every code point that was not heard, so that places stay as they are: marks of
 * how it was said, glosses, and in a video everything but what was said. `null` where nothing was heard at all.
 */
export function heardText(perception: Perception): string | null {
  if (perception.kind === 'transcript') return mended(perception, heardBesideMarks(perception));
  if (perception.kind !== 'timeline' || perception.transcript === null) return null;
  return mended(perception, saidIn(perception.text, perception.transcript));
}

function heardBesideMarks({ text, enriched }: Transcript): string {
  if (!enriched) return text;
  const points = [...text];
  const pieces: string[] = [];
  let from = 0;
  for (const { at, written } of enriched.marks) {
    pieces.push(...points.slice(from, at), blank(written));
    from = at;
  }
  return [...pieces, ...points.slice(from)].join('');
}

function saidIn(text: string, { segments }: Transcript): string {
  let heard = '';
  let unit = 0;
  for (const segment of segments) {
    const at = text.indexOf(segment.text, unit);
    if (at < 0) continue;
    heard += blank(text.slice(unit, at)) + segment.text;
    unit = at + segment.text.length;
  }
  return heard + blank(text.slice(unit));
}

/** The same after mending: a glossary's or correction's word was heard, what a gloss adds was not. */
function mended(perception: Transcript | Timeline, heard: string): string {
  const points = [...heard];
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end, before, after, by } of perception.mended?.edits ?? []) {
    pieces.push(...points.slice(from, start));
    const glossed = by === 'gloss' && after.startsWith(before);
    pieces.push(glossed ? points.slice(start, end).join('') + blank(after.slice(before.length)) : after);
    from = end;
  }
  const text = [...pieces, ...points.slice(from)].join('');
  // Should the two ever differ, saying nothing is better than pointing at the wrong places.
  return codePoints(text) === codePoints(textGiven(perception)) ? text : '';
}

function blank(text: string): string {
  return ' '.repeat(codePoints(text));
}
