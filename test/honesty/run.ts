import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Case, casesOf } from './cases.ts';
import { check, resultOf } from './checks.ts';
import { type Lane, openLane } from './lane.ts';
import { SECRETS } from './secrets.ts';
import { openSeen, type Seen } from './seen.ts';
import { startUpstream } from './upstream.ts';

/** Requests at a time: for most of their time they wait for files and timers. */
const LANES = 12;

/**
 * Sends so many requests through the whole server and throws at the first one about which anything is not told. Gives what
 * was met, and the temporary files left over.
 */
export async function sendRequests(wanted: {
  readonly stream: boolean;
  readonly requests: number;
  readonly seed: number;
}): Promise<{ seen: Seen; leftOver: readonly string[] }> {
  const before = process.env.TMPDIR;
  const folder = mkdtempSync(join(tmpdir(), `${SECRETS.folder}-`));
  process.env.TMPDIR = folder;
  const upstream = await startUpstream();
  const lanes = await Promise.all(Array.from({ length: LANES }, (_, at) => openLane(`lane-${at}`, upstream)));
  const seen = openSeen();
  try {
    await Promise.all(
      lanes.map((lane, at) =>
        fc.assert(
          fc.asyncProperty(casesOf(wanted.stream), (one) => holds(one, lane, seen)),
          {
            seed: wanted.seed + at,
            numRuns: Math.ceil(wanted.requests / LANES),
            endOnFailure: wanted.requests < 5_000,
          },
        ),
      ),
    );
    // Workers run from source here, and what compiles them keeps its own cache.
    return { seen, leftOver: readdirSync(folder).filter((name) => !name.startsWith('tsx-')) };
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await Promise.all(lanes.map((lane) => lane.close()));
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function holds(one: Case, lane: Lane, seen: Seen): Promise<void> {
  const outcome = await lane.run(one);
  try {
    const result = resultOf(outcome);
    seen.note(one.failure, result);
    check(one, outcome, result);
  } catch (error) {
    const { status, payload, log } = outcome;
    throw new Error(`${(error as Error).message}\n${status} ${payload.slice(-2_000)}\n${log}`);
  }
}
