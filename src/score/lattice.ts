/**
 * A reference of which some places may be written in several ways. Row 0 is its beginning; each further row is one unit, reached
 * from the rows in `from`; the reference may end in any row of `ends`. Units are in the order they are written in, row r being
 * unit r - 1, whichever alternative they belong to.
 */
export interface Lattice {
  readonly units: readonly string[];
  readonly from: readonly (readonly number[])[];
  readonly ends: readonly number[];
}

/** One place of a reference: ways to write it, each a list of units. An empty list is a way to leave it out. */
export type Slot = readonly (readonly string[])[];

/** A reference that can be written in one way only. */
export function plainLattice(units: readonly string[]): Lattice {
  return { units, from: [[], ...units.map((_, row) => [row])], ends: [units.length] };
}

/** A reference as a row of slots. */
export function latticeOf(slots: readonly Slot[]): Lattice {
  const units: string[] = [];
  const from: number[][] = [[]];
  let ends = [0];
  for (const ways of slots) {
    const reached = new Set<number>();
    for (const way of ways) {
      let rows = ends;
      for (const unit of way) {
        units.push(unit);
        from.push(rows);
        rows = [units.length];
      }
      for (const row of rows) reached.add(row);
    }
    ends = [...reached];
  }
  return { units, from, ends };
}
