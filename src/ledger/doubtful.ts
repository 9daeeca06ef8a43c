import type { DoubtfulSpan } from '#contract/ledger.ts';
import {
  DOUBTFUL_CHARACTER_BELOW,
  isDoubtful,
  type Perception,
  type TextLine,
  type Transcript,
  type Word,
} from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';

/** What of a perception may be wrong, placed by code points in the text the model was given. What nothing measured is not listed. */
export function doubtfulSpans(perception: Perception): DoubtfulSpan[] {
  switch (perception.kind) {
    case 'transcript':
      return heardSpans(perception);
    case 'picture':
      return perception.lines.flatMap((line) => readSpans(perception.part, line));
    case 'document':
      return perception.pages.flatMap(({ lines }) => lines.flatMap((line) => readSpans(perception.part, line)));
    case 'timeline':
      return perception.transcript === null ? [] : toldSpans(perception.transcript, perception.text);
    case 'plain-text':
      return [];
  }
}

function heardSpans({ part, text, words, enriched }: Transcript): DoubtfulSpan[] {
  const marks = enriched?.marks ?? [];
  // Marks stand between the words, so that what comes after one stands further on.
  const moved = (at: number) => marks.reduce((sum, mark) => (mark.at <= at ? sum + codePoints(mark.written) : sum), at);
  return wordSpans(part, words, text, 0).map((span) => {
    const start = moved(span.start);
    return { ...span, start, end: start + span.end - span.start };
  });
}

/** What was said in a video stands in its timeline segment by segment, between other things. */
function toldSpans({ part, segments }: Transcript, text: string): DoubtfulSpan[] {
  let unit = 0;
  return segments.flatMap((segment) => {
    const at = text.indexOf(segment.text, unit);
    if (at < 0) return [];
    unit = at + segment.text.length;
    return wordSpans(part, segment.words, segment.text, codePoints(text.slice(0, at)));
  });
}

function wordSpans(part: string, words: readonly Word[], text: string, offset: number): DoubtfulSpan[] {
  const spans: DoubtfulSpan[] = [];
  let unit = 0;
  for (const word of words) {
    const at = text.indexOf(word.text, unit);
    if (at < 0) continue;
    unit = at + word.text.length;
    if (!isDoubtful(word)) continue;
    const start = offset + codePoints(text.slice(0, at));
    spans.push({
      ...{ part, start, end: start + codePoints(word.text), text: word.text, class: 'word' },
      time: { startMs: word.startMs, endMs: word.endMs },
      ...{ pError: 1 - word.confidence, pErrorKind: 'raw', alternatives: [] },
      pSource: word.confidenceSource === null ? [] : [word.confidenceSource],
    });
  }
  return spans;
}

/** Doubtful characters that stand side by side are one span, as doubtful as the worst of them. */
function readSpans(part: string, { start, text, characters, confidenceSource }: TextLine): DoubtfulSpan[] {
  const points = [...text];
  // Where a reader's characters are not those of the line, nobody knows which is which.
  if (start === null || characters.length !== points.length) return [];
  const spans: DoubtfulSpan[] = [];
  for (const [at, { probability }] of characters.entries()) {
    if (probability === null || probability >= DOUBTFUL_CHARACTER_BELOW) continue;
    const last = spans.at(-1);
    if (last && last.end === start + at) {
      last.end += 1;
      last.text += points[at] ?? '';
      last.pError = Math.max(last.pError, 1 - probability);
      continue;
    }
    spans.push({
      ...{ part, start: start + at, end: start + at + 1, time: null, text: points[at] ?? '', class: 'character' },
      ...{ pError: 1 - probability, pErrorKind: 'raw', alternatives: [] },
      pSource: confidenceSource === null ? [] : [confidenceSource],
    });
  }
  return spans;
}
