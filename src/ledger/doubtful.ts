import type { DoubtfulSpan } from '#contract/ledger.ts';
import { isDoubtful, type Transcript } from '#contract/perception.ts';

/** The words of a transcript that may be wrong, placed in its text by code points. Words nothing measured are not listed. */
export function doubtfulSpans(transcript: Transcript): DoubtfulSpan[] {
  const spans: DoubtfulSpan[] = [];
  let unit = 0;
  for (const word of transcript.words) {
    const at = transcript.text.indexOf(word.text, unit);
    if (at < 0) continue;
    unit = at + word.text.length;
    if (!isDoubtful(word)) continue;
    const start = codePoints(transcript.text.slice(0, at));
    spans.push({
      part: transcript.part,
      start,
      end: start + codePoints(word.text),
      time: { startMs: word.startMs, endMs: word.endMs },
      text: word.text,
      pError: 1 - word.confidence,
      pErrorKind: 'raw',
      pSource: word.confidenceSource === null ? [] : [word.confidenceSource],
      alternatives: [],
      class: 'word',
    });
  }
  return spans;
}

function codePoints(text: string): number {
  return [...text].length;
}
