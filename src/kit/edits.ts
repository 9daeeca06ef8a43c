/** The fewest changes, additions and removals that make one sequence the other (Levenshtein). O(n·m) time, O(m) memory. */
export function editDistance(one: ArrayLike<string>, other: ArrayLike<string>): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let line = 0; line < one.length; line += 1) {
    const next = [line + 1];
    for (let at = 0; at < other.length; at += 1) {
      const changed = (row[at] ?? 0) + (one[line] === other[at] ? 0 : 1);
      next.push(Math.min(changed, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** How one sequence differs from another: what stands there instead, is missing, or is too much, and what is the same. */
export interface Edits {
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
  readonly hits: number;
}

/**
 * The fewest edits that turn `reference` into `other` (Levenshtein), counted by kind. Among equally few, a substitution is taken
 * before a deletion and that before an insertion, so that the counts are always the same. O(n·m) time, O(m) memory.
 */
export function editsBetween(reference: readonly string[], other: readonly string[]): Edits {
  // One row of the table at a time; each cell carries the counts of the best way to it.
  let row: Edits[] = [];
  row.push({ substitutions: 0, deletions: 0, insertions: 0, hits: 0 });
  for (let at = 0; at < other.length; at += 1) row.push(more(row[at] as Edits, 'insertions'));
  for (const wanted of reference) {
    const next: Edits[] = [more(row[0] as Edits, 'deletions')];
    for (const [at, found] of other.entries()) {
      const across = row[at] as Edits;
      const down = row[at + 1] as Edits;
      const along = next[at] as Edits;
      let best = wanted === found ? more(across, 'hits') : more(across, 'substitutions');
      if (cost(down) + 1 < cost(best)) best = more(down, 'deletions');
      if (cost(along) + 1 < cost(best)) best = more(along, 'insertions');
      next.push(best);
    }
    row = next;
  }
  return row.at(-1) as Edits;
}

/** Edits for each item of the reference: an error rate, which can exceed 1. Of an empty reference 0 or 1. */
export function errorRate({ substitutions, deletions, insertions, hits }: Edits): number {
  const length = substitutions + deletions + hits;
  const edits = substitutions + deletions + insertions;
  return length === 0 ? Math.min(1, edits) : edits / length;
}

function cost({ substitutions, deletions, insertions }: Edits): number {
  return substitutions + deletions + insertions;
}

function more(edits: Edits, kind: keyof Edits): Edits {
  return { ...edits, [kind]: edits[kind] + 1 };
}
