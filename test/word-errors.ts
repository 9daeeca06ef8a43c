/** Words for scoring: lower case, without punctuation, hyphens apart. */
export function scoringWords(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .split(/[^a-z0-9']+/)
    .filter((word) => word !== '');
}

/** Least number of substitutions, deletions and insertions that turn one list of words into the other. */
export function wordErrors(reference: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, at) => at + 1);
  for (const [line, word] of reference.entries()) {
    let diagonal = line;
    let left = line + 1;
    row = row.map((above, at) => {
      const here = Math.min(above + 1, left + 1, diagonal + (word === heard[at] ? 0 : 1));
      diagonal = above;
      left = here;
      return here;
    });
  }
  return row.at(-1) ?? reference.length;
}

/** Word error rate of what was heard against what was said. */
export function wordErrorRate(said: string, heard: string): number {
  const reference = scoringWords(said);
  return wordErrors(reference, scoringWords(heard)) / Math.max(1, reference.length);
}
