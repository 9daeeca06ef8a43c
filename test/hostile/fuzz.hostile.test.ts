import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { isSensoriumError } from '#contract/error.ts';
import { workerStates } from '#runtime/worker/host.ts';
import { audioDecodeDecoder } from '../../src/media/engines/audio-decode/engine.ts';
import { wavDecoder } from '../../src/media/engines/wav/engine.ts';
import { type Hostile, handedOver, openInputs } from './inputs.ts';
import { type Held, held, processorSeconds } from './left-behind.ts';
import { hostileParts, type Outcome, outcomeOf, slipIn } from './outcome.ts';
import { watchdog } from './watchdog.ts';

const RUNS = Number(process.env.HOSTILE_RUNS ?? 5_200);
const SEED = Number(process.env.HOSTILE_SEED ?? Date.now() % 2 ** 31);
/** A single input to run again, as the report names it. */
const ONLY = process.env.HOSTILE_ONLY === undefined ? null : Number(process.env.HOSTILE_ONLY);
const BATCH = 100;
/** Inputs that are on their way at once, as on a server. */
const AT_ONCE = 3;
const LIMITS = { tookMs: 60_000, rssMb: 1_500, workerRssMb: 2_500, moreOpenFiles: 12 };

// Everything temporary in a folder of our own, so that what is left can be counted.
const home = mkdtempSync(join(tmpdir(), 'hostile-'));
const kept = join(tmpdir(), 'hostile-kept');
process.env.TMPDIR = home;
afterAll(() => rmSync(home, { recursive: true, force: true }));

it(`${RUNS} hostile inputs end well and leave nothing behind`, async () => {
  const dog = watchdog(2 * LIMITS.tookMs);
  const inputs = await openInputs();
  const parts = hostileParts();
  const withoutFfmpeg = { ...parts, taking: { ...parts.taking, decoders: [wavDecoder, audioDecodeDecoder] } };
  const ends = new Map<string, number>();
  const slips: string[] = [];
  const slowest: { tookMs: number; what: string }[] = [];
  let deaths = 0;
  let first: Held | undefined;
  const most = { rssMb: 0, workerRssMb: 0 };

  const one = async (input: Hostile, number: number) => {
    const what = `#${number} ${input.from} as ${JSON.stringify(input.name.slice(0, 30))}, ${input.sense}`;
    const done = dog.begin(what);
    const outcome = await outcomeOf(handedOver(input), input.withoutFfmpeg ? withoutFfmpeg : parts, {
      sense: input.sense,
    });
    done();
    const end = endOf(outcome);
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (diedOver(outcome)) deaths += 1;
    slowest.push({ tookMs: Math.round(outcome.tookMs), what });
    slowest.sort((a, b) => b.tookMs - a.tookMs).splice(5);
    const slip = slipIn(outcome) ?? (outcome.tookMs > LIMITS.tookMs ? `took ${Math.round(outcome.tookMs)} ms` : null);
    if (slip === null) return;
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, `${SEED}-${number}`), input.bytes);
    slips.push(`${what}: ${slip}`);
    console.log(slips.at(-1));
  };

  console.log(`HOSTILE_SEED=${SEED}`);
  for (let from = 0; from < RUNS; from += BATCH) {
    const batch = inputs(Math.min(BATCH, RUNS - from), SEED + from);
    const waiting = batch
      .map((input, at) => ({ input, number: from + at }))
      .filter(({ number }) => ONLY === null || number === ONLY);
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await one(next.input, next.number);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    // What is killed takes a moment to be gone.
    await expect.poll(() => held().strangers).toEqual([]);
    const now = held();
    first ??= now;
    most.rssMb = Math.max(most.rssMb, now.rssMb);
    most.workerRssMb = Math.max(most.workerRssMb, now.workerRssMb);
    expect(now.temporary, 'temporary folders').toEqual([]);
    expect(now.openFiles, 'open files').toBeLessThanOrEqual(first.openFiles + LIMITS.moreOpenFiles);
    expect(now.rssMb, 'memory').toBeLessThan(LIMITS.rssMb);
    expect(now.workerRssMb, 'memory of a model process').toBeLessThan(LIMITS.workerRssMb);
  }

  const sharedDeaths = workerStates().map((worker) => `${worker.name} ${worker.deaths}`);
  console.log(
    [...ends]
      .sort((a, b) => b[1] - a[1])
      .map(([end, count]) => `${String(count).padStart(6)}  ${end}`)
      .join('\n'),
  );
  console.log(`slowest: ${slowest.map(({ tookMs, what }) => `${tookMs} ms ${what}`).join('; ')}`);
  console.log(
    `processor time ${JSON.stringify(processorSeconds())} s; most memory ${JSON.stringify(most)}; open files ${first?.openFiles} at first, ${held().openFiles} at last`,
  );
  console.log(
    `inputs that ended with their process: ${deaths}; deaths of shared processes: ${sharedDeaths.join(', ')}`,
  );
  dog.stop();
  expect(slips, `inputs are kept in ${kept}; run one again with HOSTILE_SEED=${SEED} HOSTILE_ONLY=<number>`).toEqual(
    [],
  );
}, 3_600_000);

function endOf({ perception, error }: Outcome): string {
  if (perception && error === null) return `${perception.kind}${perception.text.trim() === '' ? ', empty' : ''}`;
  return isSensoriumError(error) ? error.code : 'another error';
}

function diedOver({ error }: Outcome): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (isSensoriumError(at) && at.code.startsWith('runtime.worker-died')) return true;
  }
  return false;
}
