/** What came of one request. */
export type Outcome =
  /** Answered, and the answer was checked. */
  | 'right'
  /** Answered with something that is not so: there must be none. */
  | 'wrong'
  /** Told to come back later: 429 with the time. */
  | 'busy'
  /** A model process was killed over it, and it was told so. */
  | 'killed'
  /** We left before the end. */
  | 'left';

export interface Verdict {
  readonly outcome: Outcome;
  /** Why it is wrong. */
  readonly why?: string;
}

/** Whom requests are sent to, and what they know of each other. */
export interface Target {
  readonly url: string;
  readonly signal: AbortSignal;
  /** A number from 0 to 1, the same ones in each run with the same seed. */
  random(): number;
  /** What the first answer of a kind was, for all later ones to be compared with. */
  readonly first: Map<string, unknown>;
  /** Whether a model process was killed since then. */
  killedSince(ms: number): boolean;
}

/** A kind of request. Throws `Wrong` where the answer is not as it must be. */
export interface Task {
  readonly kind: string;
  /** How often it comes up among all. */
  readonly weight: number;
  run(target: Target): Promise<Verdict | undefined>;
}

/** The answer is not as it must be. */
export class Wrong extends Error {}

/** The server has no room, and says when to come back. */
export class Busy extends Error {}

/** A model process died over the request, and the server says so. */
export class Killed extends Error {}

/** Runs a task and judges it. */
export async function judged(task: Task, target: Target): Promise<Verdict> {
  const startedMs = performance.now();
  try {
    return (await task.run(target)) ?? { outcome: 'right' };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof Busy) return { outcome: 'busy' };
    if (target.signal.aborted) return { outcome: 'left' };
    if (error instanceof Killed && target.killedSince(startedMs)) return { outcome: 'killed' };
    return { outcome: 'wrong', why: error instanceof Wrong ? why : `${(error as Error).name}: ${why}` };
  }
}
