import type { DoubtfulSpan } from '#contract/ledger.ts';
import { type Perception, type TextEdit, textGiven } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';

/** A stretch of a text in code points; `end` is exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a stretch of a text stands after edits were made to it. `edits` are in order and apart. A stretch that meets an edit takes in the whole
 * of what the edit wrote; what is put in right beside a stretch does not become part of it.
 */
export function movedThrough({ start, end }: Stretch, edits: readonly TextEdit[]): Stretch {
  let [from, to] = [start, end];
  let shift = 0;
  for (const edit of edits) {
    const length = codePoints(edit.after);
    const grown = length - (edit.end - edit.start);
    const isPutIn = edit.start === edit.end;
    if (isPutIn ? edit.start <= start : edit.end <= start) from += grown;
    else if (edit.start < start) from = edit.start + shift;
    if (isPutIn ? edit.start < end : edit.end <= end) to += grown;
    else if (edit.start < end) to = edit.start + shift + length;
    shift += grown;
  }
  return { start: from, end: Math.max(from, to) };
}

/**
 * Spans placed in the texts before mending, placed in those the model was given. Where an edit wrote something else, what stood there
 * before is among the alternatives: it is still what was heard.
 */
export function movedSpans(spans: readonly DoubtfulSpan[], perceptions: readonly Perception[]): DoubtfulSpan[] {
  const given = new Map(perceptions.map((one) => [one.part, one]));
  return spans.map((span) => {
    const perception = given.get(span.part);
    const edits = perception && 'mended' in perception ? perception.mended?.edits : undefined;
    if (!perception || !edits || edits.length === 0) return span;
    const { start, end } = movedThrough(span, edits);
    if (span.text === null) return { ...span, start, end };
    const text = [...textGiven(perception)].slice(start, end).join('');
    if (text === span.text) return { ...span, start, end };
    const alternatives = [...span.alternatives, { text: span.text, p: null, by: 'before mending' }];
    return { ...span, start, end, text, alternatives };
  });
}
