import type { Costs } from './costs.ts';
import type { Lattice } from './lattice.ts';

// Up to this many cells (of four bytes) the whole table is kept; above it only every √rows-th row, and the rest computed again.
const KEPT_CELLS = 4_000_000;

// Some 40 s of work; 100,000 units by 100,000.
const MOST_CELLS = 1e10;

/** The rows of an edit-distance table, of which few are in memory at a time. */
export interface Table {
  /**
   * Row `at`, right up to column `upTo`, which may never grow from one call to the next. Rows are cheapest from the last to the first; a
   * row given is overwritten by the next call.
   */
  row(at: number, upTo: number): Int32Array;
}

/**
 * Fills the table of what it costs to turn the first units of the reference into the first units of the other text.
 * O(n·m) time, twice where the table is too large to keep; then O(m·√n) memory: 23 MB for 20,000 units by 20,000.
 * Throws a `RangeError` where even that would take minutes.
 */
export function tableOf(
  { from }: Lattice,
  reference: Int32Array,
  other: Int32Array,
  costs: Costs,
  keptCells: number = KEPT_CELLS,
): Table {
  const last = from.length - 1;
  const width = other.length + 1;
  if (from.length * width > MOST_CELLS) {
    throw new RangeError(
      `${reference.length} units are too many to compare with ${other.length} in one piece; cut both.`,
    );
  }
  const stride = from.length * width <= keptCells ? from.length : Math.ceil(Math.sqrt(from.length));
  const cuts = cutsOf(from);
  const rows: (Int32Array | undefined)[] = [];
  const spare: Int32Array[] = [];
  const nearest = new Int32Array(width);

  const fill = (at: number, upTo: number): void => {
    const row = spare.pop() ?? new Int32Array(width);
    rows[at] = row;
    const [first, ...more] = from[at] ?? [];
    if (first === undefined) {
      for (let column = 0; column <= upTo; column += 1) row[column] = column * costs.insertion;
      return;
    }
    const above = more.length === 0 ? (rows[first] as Int32Array) : lowest([first, ...more], upTo);
    const unit = reference[at - 1];
    const { substitution, deletion, insertion } = costs;
    let before = above[0] as number;
    let cost = before + deletion;
    row[0] = cost;
    for (let column = 1; column <= upTo; column += 1) {
      const up = above[column] as number;
      const across = before + (unit === other[column - 1] ? 0 : substitution);
      const along = cost + insertion;
      cost = up + deletion;
      if (across < cost) cost = across;
      if (along < cost) cost = along;
      row[column] = cost;
      before = up;
    }
  };

  const lowest = (some: readonly number[], upTo: number): Int32Array => {
    nearest.set((rows[some[0] as number] as Int32Array).subarray(0, upTo + 1));
    for (const at of some.slice(1)) {
      const row = rows[at] as Int32Array;
      for (let column = 0; column <= upTo; column += 1) {
        if ((row[column] as number) < (nearest[column] as number)) nearest[column] = row[column] as number;
      }
    }
    return nearest;
  };

  const drop = (after: number, before: number): void => {
    for (let at = after + 1; at < before; at += 1) {
      const row = rows[at];
      if (row) spare.push(row);
      rows[at] = undefined;
    }
  };

  let kept = 0;
  for (let at = 0; at <= last; at += 1) {
    fill(at, width - 1);
    if (!cuts[at] || at - kept < stride) continue;
    drop(kept, at);
    kept = at;
  }
  return {
    row(at, upTo) {
      const there = rows[at];
      if (there) return there;
      let start = at;
      while (!rows[start]) start -= 1;
      drop(at, from.length);
      for (let next = start + 1; next <= at; next += 1) fill(next, upTo);
      return rows[at] as Int32Array;
    },
  };
}

// The rows that every later row is reached through: those before one need not be looked at again.
function cutsOf(from: Lattice['from']): boolean[] {
  const cuts = new Array<boolean>(from.length).fill(true);
  let lowest = from.length;
  for (let at = from.length - 1; at >= 0; at -= 1) {
    cuts[at] = lowest >= at;
    lowest = Math.min(lowest, ...(from[at] ?? []));
  }
  return cuts;
}
