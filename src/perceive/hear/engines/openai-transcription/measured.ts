/** What servers fill in where they measured nothing: Xinference writes 0, vLLM wrote -1 (research/peers.md §0.1). */
const PLACEHOLDERS: ReadonlySet<number> = new Set([0, -1, 1]);

/**
 * Figures that somebody measured, or `null` for all of them: where one is missing or out of range, or all are one placeholder,
 * nobody did. `fewest` equal figures of any value are no measurement either.
 */
export function measured(
  values: readonly unknown[],
  [low, high]: readonly [number, number],
  fewest = Number.POSITIVE_INFINITY,
): number[] | null {
  const numbers = values.filter((value) => typeof value === 'number' && value >= low && value <= high) as number[];
  const [first] = numbers;
  if (first === undefined || numbers.length !== values.length) return null;
  const isConstant = numbers.every((value) => value === first);
  return isConstant && (numbers.length >= fewest || PLACEHOLDERS.has(first)) ? null : numbers;
}
