/** Word error rate of what was heard against what was said: edits over reference words, case and punctuation aside. */
export function wordErrorRate(said: string, heard: string): number {
  const reference = wordsOf(said);
  const hypothesis = wordsOf(heard);
  let row = hypothesis.map((_, j) => j + 1);
  row.unshift(0);
  for (const [i, word] of reference.entries()) {
    const next = [i + 1];
    for (const [j, other] of hypothesis.entries()) {
      next.push(Math.min((row[j] ?? 0) + (word === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) / Math.max(1, reference.length);
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}'\s-]/gu, ' ')
    .replaceAll('-', ' ')
    .split(/\s+/)
    .filter(Boolean);
}
