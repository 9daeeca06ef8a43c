import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.ts';
import { badTask, cut, huge } from './bad.ts';
import { burst, childrenOf, leavingTask, modelProcesses } from './disturb.ts';
import { formatReport, type Soak, type Tally } from './report.ts';
import { type Served, startServed } from './served.ts';
import { judged, type Target, type Task } from './task.ts';
import { type Sample, sampleOf } from './watch.ts';
import { recordings, WORK } from './work.ts';

const LANES = 8;
const SAMPLE_MS = 5_000;
const KILL_MS = 60_000;
const SETTLE_MS = 3_000;
/** Until code is compiled and heaps have their size, memory grows: this share of the time is not counted for it, a minute at most. */
const WARM_SHARE = 0.2;
const WARM_SECONDS = 60;
const MOST_WRONG_TOLD = 40;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}
process.exitCode = await run();

/** Loads a server of its own with everything at once, and looks on. Fails when one answer was wrong. */
async function run(): Promise<number> {
  const minutes = Number(options.minutes);
  const seed = Number(options.seed);
  const tasks = tasksNamed(options.only);
  if (!(minutes > 0) || !Number.isInteger(seed) || tasks.length === 0) {
    process.stderr.write(
      `--minutes takes a number, --seed a whole one, --only some of: ${allTasks()
        .map(({ kind }) => kind)
        .join(', ')}\n`,
    );
    return 2;
  }
  const machine = await describeMachine();
  process.stderr.write(`${recordings().length} recordings are heard; ${minutes} minutes, seed ${seed}\n`);
  const served = await startServed();
  let soak: Soak;
  try {
    soak = { machine, seed, ...(await soaked(served, tasks, minutes, seed)) };
  } catch (error) {
    process.stderr.write(served.log());
    await served.stop();
    throw error;
  }
  const out = options.out ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'results', `soak-${Date.now()}.json`);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(soak, null, 2)}\n`);
  process.stdout.write(options.json ? `${JSON.stringify(soak)}\n` : `${formatReport(soak)}\n`);
  return soak.wrong.length > 0 || soak.orphans > 0 ? 1 : 0;
}

function allTasks(): readonly Task[] {
  return [...WORK, leavingTask(WORK), burst, badTask(), huge, cut];
}

function tasksNamed(names: string | undefined): readonly Task[] {
  if (names === undefined) return allTasks();
  const wanted = new Set(names.split(','));
  return allTasks().filter(({ kind }) => wanted.has(kind));
}

async function soaked(served: Served, tasks: readonly Task[], minutes: number, seed: number) {
  const random = randomFrom(seed);
  const kills: { seconds: number; name: string; atMs: number }[] = [];
  const first = new Map<string, unknown>();
  const target: Target = {
    url: served.url,
    signal: stop.signal,
    random,
    first,
    killedSince: (ms) => kills.some(({ atMs }) => atMs >= ms),
  };
  const tallies = new Map<string, Tally>();
  const wrong: string[] = [];
  const account = async (task: Task) => {
    const begunMs = performance.now();
    const { outcome, why } = await judged(task, target);
    const tally = tallies.get(task.kind) ?? emptyTally(task.kind);
    tallies.set(task.kind, tally);
    tally.outcomes[outcome] += 1;
    tally.durationsMs.push(Math.round(performance.now() - begunMs));
    if (outcome === 'wrong' && wrong.length < MOST_WRONG_TOLD) {
      wrong.push(`${task.kind}: ${why}`);
      process.stderr.write(`wrong: ${task.kind}: ${why}\n`);
    }
  };

  process.stderr.write('warming up: one of each\n');
  for (const task of tasks) await account(task);
  tallies.clear();
  await sleep(SETTLE_MS);
  process.stderr.write('now all at once\n');
  const before = await sampleOf(served, 0);
  const startMs = performance.now();
  const elapsed = () => (performance.now() - startMs) / 1000;
  const over = () => stop.signal.aborted || elapsed() >= minutes * 60 || served.ended() !== null;

  const samples: Sample[] = [];
  let lastToldAt = 0;
  const watching = every(SAMPLE_MS, over, async () => {
    const sample = await sampleOf(served, elapsed());
    if (elapsed() > Math.min(WARM_SECONDS, minutes * 60 * WARM_SHARE)) samples.push(sample);
    if (elapsed() - lastToldAt < 30) return;
    lastToldAt = elapsed();
    const done = [...tallies.values()].reduce((sum, { durationsMs }) => sum + durationsMs.length, 0);
    const { serverMiB, childrenMiB, openFiles, connections } = sample;
    process.stderr.write(
      `${Math.round(elapsed())} s: ${done} requests, ${wrong.length} wrong, ${serverMiB} + ${childrenMiB} MiB, ${openFiles} files, ${connections} connections\n`,
    );
  });
  const killing = every(Math.min(KILL_MS, minutes * 20_000), over, async () => {
    const all = modelProcesses(served.pid);
    const victim = all[Math.floor(random() * all.length)];
    if (!victim) return;
    process.kill(victim.pid, 'SIGKILL');
    kills.push({ seconds: Math.round(elapsed()), name: victim.name, atMs: performance.now() });
  });
  const lanes = Array.from({ length: LANES }, async () => {
    while (!over()) await account(weighted(tasks, random()));
  });
  await Promise.all([...lanes, watching, killing]);
  const lasted = elapsed() / 60;
  if (served.ended() !== null) wrong.push(`the server: ${served.ended()}`);

  await sleep(SETTLE_MS);
  const after = await sampleOf(served, elapsed());
  const leftovers = served.temporaryFiles();
  const children = childrenOf(served.pid);
  const exit = await served.stop();
  const orphans = children.filter((pid) => existsSync(`/proc/${pid}`)).length;
  const ordered = tasks.flatMap(({ kind }) => tallies.get(kind) ?? []);
  return { minutes: lasted, tallies: ordered, wrong, samples, kills, before, after, leftovers, exit, orphans };
}

function emptyTally(kind: string): Tally {
  return { kind, outcomes: { right: 0, wrong: 0, busy: 0, killed: 0, left: 0 }, durationsMs: [] };
}

async function every(ms: number, over: () => boolean, work: () => Promise<void>): Promise<void> {
  for (let dueMs = performance.now() + ms; ; dueMs += ms) {
    while (!over() && performance.now() < dueMs) await sleep(Math.min(200, Math.max(1, dueMs - performance.now())));
    if (over()) return;
    await work();
  }
}

function weighted(tasks: readonly Task[], share: number): Task {
  let rest = share * tasks.reduce((sum, { weight }) => sum + weight, 0);
  for (const task of tasks) {
    rest -= task.weight;
    if (rest < 0) return task;
  }
  return tasks.at(-1) as Task;
}

/** Numbers that look random and are the same for the same seed (Mulberry32, in the public domain). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
