import { type Costs, type EditKind, LEVENSHTEIN } from './costs.ts';
import { type Lattice, plainLattice } from './lattice.ts';
import { tableOf } from './table.ts';

/** How one sequence differs from another: what stands there instead, is missing, or is too much, and what is the same. */
export interface Edits {
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
  readonly hits: number;
}

/** Units from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A run of units that the same happened to. What is missing has an empty range in the hypothesis, what is too much in the reference. */
export interface Span {
  readonly kind: EditKind;
  readonly reference: Range;
  readonly hypothesis: Range;
}

/** Counts, and where. Spans follow one another without a gap and rebuild the hypothesis. */
export interface Alignment extends Edits {
  readonly spans: readonly Span[];
}

/**
 * The cheapest edits that turn `reference` into `hypothesis` (Levenshtein), counted and placed. Of equally cheap ways, seen from
 * the end, a deletion is taken before a substitution, that before an insertion, and that before a hit, after what both begin and
 * end with is set aside: the counts of jiwer. O(n·m) time, and memory as `tableOf` says.
 */
export function align(
  reference: readonly string[],
  hypothesis: readonly string[],
  costs: Costs = LEVENSHTEIN,
): Alignment {
  const shorter = Math.min(reference.length, hypothesis.length);
  let head = 0;
  let tail = 0;
  if (costs.trim) {
    while (head < shorter && reference[head] === hypothesis[head]) head += 1;
    while (tail < shorter - head && reference.at(-1 - tail) === hypothesis.at(-1 - tail)) tail += 1;
  }
  const steps = alignLattice(
    plainLattice(reference.slice(head, reference.length - tail)),
    hypothesis.slice(head, hypothesis.length - tail),
    costs,
  );
  const same = (length: number, referenceAt: number, hypothesisAt: number): Step[] =>
    Array.from({ length }, (_, at) => ({ kind: 'hit', reference: referenceAt + at, hypothesis: hypothesisAt + at }));
  return alignmentOf([
    ...same(head, 0, 0),
    ...steps.map((step) => ({ ...step, reference: step.reference + head, hypothesis: step.hypothesis + head })),
    ...same(tail, reference.length - tail, hypothesis.length - tail),
  ]);
}

/** One edit: which unit of each text it is about, or before which it stands. */
export interface Step {
  readonly kind: EditKind;
  readonly reference: number;
  readonly hypothesis: number;
}

/** The cheapest way from a reference that may be written in several ways to a hypothesis, step by step. */
export function alignLattice(
  lattice: Lattice,
  hypothesis: readonly string[],
  costs: Costs = LEVENSHTEIN,
  keptCells?: number,
): Step[] {
  const number = numberer();
  const reference = Int32Array.from(lattice.units, number);
  const other = Int32Array.from(hypothesis, number);
  const table = tableOf(lattice, reference, other, costs, keptCells);
  const steps: Step[] = [];
  let column = other.length;
  const costAt = (line: number, at: number) => table.row(line, column)[at] as number;
  let row = cheapest(lattice.ends, (end) => costAt(end, column));
  while (row > 0 || column > 0) {
    const here = costAt(row, column);
    const same = reference[row - 1] === other[column - 1];
    const from = (columnsBack: number, cost: number) =>
      column < columnsBack
        ? undefined
        : lattice.from[row]?.find((earlier) => costAt(earlier, column - columnsBack) + cost === here);
    const cameFrom = (kind: EditKind): number | undefined => {
      if (kind === 'deletion') return from(0, costs.deletion);
      if (kind === 'insertion')
        return column > 0 && costAt(row, column - 1) + costs.insertion === here ? row : undefined;
      return same === (kind === 'hit') ? from(1, same ? 0 : costs.substitution) : undefined;
    };
    const kind = costs.ties.find((one) => cameFrom(one) !== undefined);
    const earlier = kind && cameFrom(kind);
    if (kind === undefined || earlier === undefined) throw new Error('Nothing leads to a cell of the table of edits.');
    if (kind !== 'deletion') column -= 1;
    steps.push({ kind, reference: kind === 'insertion' ? row : row - 1, hypothesis: column });
    row = earlier;
  }
  return steps.reverse();
}

/** Steps as runs of the same kind, and how many there are of each. */
export function alignmentOf(steps: readonly Step[]): Alignment {
  const counts = { hit: 0, substitution: 0, deletion: 0, insertion: 0 };
  const spans: Span[] = [];
  for (const { kind, reference, hypothesis } of steps) {
    counts[kind] += 1;
    const to = {
      reference: reference + (kind === 'insertion' ? 0 : 1),
      hypothesis: hypothesis + (kind === 'deletion' ? 0 : 1),
    };
    const last = spans.at(-1);
    // Where a reference has alternatives, the next unit of the way taken may stand further on.
    const runsOn = last?.kind === kind && last.reference.end === reference && last.hypothesis.end === hypothesis;
    const start = runsOn
      ? { reference: last.reference.start, hypothesis: last.hypothesis.start }
      : { reference, hypothesis };
    if (runsOn) spans.pop();
    spans.push({
      kind,
      reference: { start: start.reference, end: to.reference },
      hypothesis: { start: start.hypothesis, end: to.hypothesis },
    });
  }
  return {
    substitutions: counts.substitution,
    deletions: counts.deletion,
    insertions: counts.insertion,
    hits: counts.hit,
    spans,
  };
}

// The first of the cheapest, as they are written; asked for from the last row to the first, as the table wants them.
function cheapest(rows: readonly number[], costOf: (row: number) => number): number {
  const costs = new Map([...rows].sort((a, b) => b - a).map((row) => [row, costOf(row)]));
  const least = Math.min(...costs.values());
  return rows.find((row) => costs.get(row) === least) ?? 0;
}

// Whole numbers compare faster than strings.
function numberer(): (unit: string) => number {
  const numbers = new Map<string, number>();
  return (unit) => {
    const known = numbers.get(unit);
    if (known !== undefined) return known;
    numbers.set(unit, numbers.size);
    return numbers.size - 1;
  };
}
