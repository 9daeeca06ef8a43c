import { align } from '#score/index.ts';

/** A run of letters that one reading has and the other lacks: `at` letters of the lacking one stand before it. */
export interface LeftOut {
  readonly at: number;
  readonly text: string;
  /** What stands before and after it in the reading that has it, as far as it is as long. */
  readonly before: string;
  readonly after: string;
}

/** Readings longer than this are not compared: a stretch of speech is never so long, and the table would have millions of cells. */
const LONGEST = 2_000;

/**
 * The runs of a fuller reading that another lacks altogether, by the fewest edits between their letters and digits (NFKC, lower case); what is only
 * different is not among them. `null` where they are too long to compare.
 */
export function leftOut(reading: string, fuller: string): LeftOut[] | null {
  const [here, there] = [lettersOf(reading), lettersOf(fuller)];
  if (here.length > LONGEST || there.length > LONGEST) return null;
  return align(there, here).spans.flatMap(({ kind, reference: { start, end }, hypothesis }) => {
    if (kind !== 'deletion') return [];
    return {
      at: hypothesis.start,
      text: there.slice(start, end).join(''),
      before: there.slice(Math.max(0, start - (end - start)), start).join(''),
      after: there.slice(end, end + (end - start)).join(''),
    };
  });
}

/** What two readings are compared by: their letters and digits, whatever their case and width. */
export function lettersOf(text: string): string[] {
  return [...text.normalize('NFKC').toLowerCase()].filter((character) => /[\p{L}\p{N}]/u.test(character));
}
