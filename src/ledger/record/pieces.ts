import type { DoubtfulSpan } from '#contract/ledger.ts';

/** A piece of a text, and what is doubtful of it; pieces in order make the text. */
export interface Piece {
  readonly text: string;
  readonly span: DoubtfulSpan | null;
}

/** Cuts a text where doubtful spans begin and end. Of spans that overlap the most doubtful is kept; what lies outside the text is left out. */
export function piecesOf(text: string, spans: readonly DoubtfulSpan[]): Piece[] {
  const points = [...text];
  const kept: DoubtfulSpan[] = [];
  const taken = new Uint8Array(points.length);
  for (const span of [...spans].sort((a, b) => b.pError - a.pError)) {
    const { start, end } = span;
    if (end <= start || end > points.length || taken.subarray(start, end).includes(1)) continue;
    taken.fill(1, start, end);
    kept.push(span);
  }
  kept.sort((a, b) => a.start - b.start);
  const pieces: Piece[] = [];
  const add = (from: number, to: number, span: DoubtfulSpan | null) => {
    if (to > from) pieces.push({ text: points.slice(from, to).join(''), span });
  };
  let at = 0;
  for (const span of kept) {
    add(at, span.start, null);
    add(span.start, span.end, span);
    at = span.end;
  }
  add(at, points.length, null);
  return pieces;
}
