import type { Sensorium } from '#pipeline/index.ts';
import type { Engines } from './engines.ts';
import type { Peer } from './peers/peer.ts';
import type { TokensOf } from './phonemes.ts';

/** A recording of speech, its language (BCP 47), and a question about it; `null` where the recording is the question. */
export interface Recording {
  readonly file: string;
  readonly language: string;
  readonly question: string | null;
}

/** What every case is handed. A case closes what it opened, whether it succeeds or not. */
export interface BenchContext {
  /** Recorded runs of each side; a warm-up run comes on top. */
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly recording: Recording;
  /** The whole product, as a user of the library has it. Shared by the cases: its models stay loaded. */
  readonly sensorium: Sensorium;
  /** Single engines, for cases that measure one step. */
  readonly engines: Engines;
  /** The Python cascade, where `--peers` asked for it. It loads a model when a case first needs it. */
  readonly peer: Peer | undefined;
  /** Starts another Python process with nothing loaded, for the case to close. There when `peer` is. */
  readonly freshPeer: (() => Peer) | undefined;
  /** Text as the token ids the peer speaks. */
  readonly tokensOf: TokensOf;
  /** Processes that only run this benchmark (a TypeScript loader's): not part of anybody's memory. */
  readonly toolPids: readonly number[];
  /** Says something to whoever watches. */
  log(line: string): void;
}

/** One measured thing: a value for each run of ours, and of the peer where it does the same. */
export interface Figure {
  readonly name: string;
  /** `s`, `ms`, `MiB`, `tokens/s`, or `RTF` (seconds of work for one second of sound). */
  readonly unit: string;
  readonly ours: readonly number[];
  /** What the peer's values are of, and the values. */
  readonly peer?: { readonly name: string; readonly values: readonly number[] } | undefined;
  /** What we want to reach: ours / peer unless it has a unit. Printed beside the figure; nothing fails by it. */
  readonly goal?: string;
}

/** A thing to measure. One file in `cases/` and one line in `cases/index.ts`. */
export interface BenchCase {
  /** One sentence: what is timed, from where to where. */
  readonly measures: string;
  run(context: BenchContext): Promise<readonly Figure[]>;
}

/** A peer's values, if there is a peer. */
export function beside(name: string, values: readonly number[] | undefined): Figure['peer'] {
  return values && { name, values };
}
