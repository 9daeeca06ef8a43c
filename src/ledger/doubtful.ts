import type { DoubtfulSpan } from '#contract/ledger.ts';
import type { Transcript, Word } from '#contract/perception.ts';

/**
 * A word is doubtful below this confidence. Raw, not calibrated: chosen where, on the shared English recordings, most
 * wrong words fall below and most right ones above (`npm run test:models` prints both shares).
 */
export const DOUBTFUL_BELOW = 0.5;

/** The words of a transcript that may be wrong, placed in its text by code points. Words nothing measured are not listed. */
export function doubtfulSpans(transcript: Transcript): DoubtfulSpan[] {
  const spans: DoubtfulSpan[] = [];
  let unit = 0;
  for (const word of transcript.words) {
    const at = transcript.text.indexOf(word.text, unit);
    if (at < 0) continue;
    unit = at + word.text.length;
    if (!isDoubtful(word) || word.confidence === null) continue;
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

/** Whether a heard word should be marked for a person. */
export function isDoubtful(word: Word): boolean {
  return word.confidence !== null && word.confidence < DOUBTFUL_BELOW;
}

function codePoints(text: string): number {
  return [...text].length;
}
