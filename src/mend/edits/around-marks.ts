import type { Mark, TextEdit } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';

/**
 * Edits of a plain text as edits of the same text with marks of tone in it. No mark is touched: an edit with a mark in its midst is made in
 * pieces around it. Where it keeps the length, each piece keeps its own characters; else all that is written stands before the first mark.
 */
export function aroundMarks(edits: readonly TextEdit[], marks: readonly Mark[]): TextEdit[] {
  if (marks.length === 0) return [...edits];
  const stops = marks.map(({ at, written }) => ({ at, length: codePoints(written) })).sort((a, b) => a.at - b.at);
  // What is put in right where a mark stands belongs to the word before, and so do the ends of what is replaced.
  const before = (at: number) => stops.reduce((sum, stop) => (stop.at < at ? sum + stop.length : sum), at);
  const behind = (at: number) => stops.reduce((sum, stop) => (stop.at <= at ? sum + stop.length : sum), at);
  return edits.flatMap((edit) => {
    if (edit.start === edit.end) return { ...edit, start: before(edit.start), end: before(edit.end) };
    const cuts = [...new Set(stops.map(({ at }) => at).filter((at) => at > edit.start && at < edit.end))];
    return pieces(edit, cuts).map((piece) => ({ ...piece, start: behind(piece.start), end: before(piece.end) }));
  });
}

function pieces(edit: TextEdit, cuts: readonly number[]): TextEdit[] {
  const [was, becomes] = [[...edit.before], [...edit.after]];
  const isSameLength = was.length === becomes.length;
  const bounds = [edit.start, ...cuts, edit.end];
  return bounds.slice(1).flatMap((end, index) => {
    const start = bounds[index] ?? edit.start;
    const [from, to] = [start - edit.start, end - edit.start];
    const own = was.slice(from, to).join('');
    const after = isSameLength ? becomes.slice(from, to).join('') : index === 0 ? edit.after : '';
    return own === after ? [] : [{ ...edit, start, end, before: own, after }];
  });
}
