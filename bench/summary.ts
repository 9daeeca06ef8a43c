import type { Figure } from './case.ts';

/** The middle and the ends of a set of runs. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: readonly number[];
}

/** One row of the results. `ratio` is median of ours over median of the peer; `null` where there is no peer. */
export interface Row {
  readonly case: string;
  readonly name: string;
  readonly unit: string;
  readonly ours: Spread;
  readonly peer: (Spread & { readonly name: string }) | null;
  readonly ratio: number | null;
  readonly goal: string | null;
}

/** Turns a figure into a row. Throws when either side measured nothing, or something that is no number. */
export function summarise(caseName: string, figure: Figure): Row {
  const ours = spread(figure.ours, `${caseName}: ${figure.name}`);
  const peer = figure.peer
    ? { name: figure.peer.name, ...spread(figure.peer.values, `${caseName}: ${figure.name}, ${figure.peer.name}`) }
    : null;
  const { name, unit, goal = null } = figure;
  return { case: caseName, name, unit, ours, peer, ratio: peer ? ours.median / peer.median : null, goal };
}

function spread(runs: readonly number[], what: string): Spread {
  if (runs.length === 0) throw new Error(`${what} measured nothing.`);
  if (!runs.every(Number.isFinite)) throw new Error(`${what} measured ${runs.join(', ')}.`);
  const sorted = runs.toSorted((a, b) => a - b);
  return { median: medianOfSorted(sorted), min: sorted[0] as number, max: sorted.at(-1) as number, runs };
}

function medianOfSorted(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] as number;
  return Number.isInteger(middle) ? ((sorted[middle - 1] as number) + upper) / 2 : upper;
}
