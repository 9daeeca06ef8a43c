import { editDistance } from '#kit/edits.ts';

/** Words for scoring: lower case, without punctuation, hyphens apart. */
export function scoringWords(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .split(/[^a-z0-9']+/)
    .filter((word) => word !== '');
}

/** Word error rate of what was heard against what was said. */
export function wordErrorRate(said: string, heard: string): number {
  const reference = scoringWords(said);
  return editDistance(reference, scoringWords(heard)) / Math.max(1, reference.length);
}
