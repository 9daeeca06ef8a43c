const CANDIDATES = [',', '\t', ';', '|'] as const;
const LOOKED_AT_CHARS = 64 * 1024;
const LOOKED_AT_ROWS = 50;

/**
 * The character that separates the columns of a table in text: the one that gives its rows the same number of columns most often.
 * `null` where none gives two columns. What stands in quotes is not counted.
 */
export function delimiterOf(text: string): string | null {
  const head = text.slice(0, LOOKED_AT_CHARS);
  let best: { readonly delimiter: string; readonly score: number } | null = null;
  for (const delimiter of CANDIDATES) {
    const counts = columnCounts(head, delimiter);
    const most = mode(counts);
    if (most < 2) continue;
    const score = counts.filter((count) => count === most).length / counts.length + Math.min(most, 20) / 1_000;
    if (best === null || score > best.score) best = { delimiter, score };
  }
  return best?.delimiter ?? null;
}

/** How many columns each of the first rows has. */
function columnCounts(text: string, delimiter: string): number[] {
  const counts: number[] = [];
  let columns = 1;
  let inQuotes = false;
  let isEmpty = true;
  for (const character of text) {
    if (character === '"') inQuotes = !inQuotes;
    else if (!inQuotes && character === delimiter) columns += 1;
    else if (!inQuotes && character === '\n') {
      if (!isEmpty) counts.push(columns);
      if (counts.length === LOOKED_AT_ROWS) return counts;
      columns = 1;
      isEmpty = true;
      continue;
    }
    if (character !== '\r') isEmpty = false;
  }
  if (!isEmpty) counts.push(columns);
  return counts;
}

function mode(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}
