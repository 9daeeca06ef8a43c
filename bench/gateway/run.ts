import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.ts';
import { compilePrograms } from './compile.ts';
import { figuresOf, GOALS, isMet, ratioOf } from './figures.ts';
import { startGenerator } from './generator.ts';
import { formatHealth, measureHealth } from './health.ts';
import { type Extent, type Measurements, measure } from './measure.ts';
import { PINS } from './peers.ts';
import { freePort, startProgram, untilHealthy } from './processes.ts';
import { formatReport } from './report.ts';
import { SUBJECTS, type SubjectName } from './subjects.ts';

type Machine = Awaited<ReturnType<typeof describeMachine>>;

const FULL: Extent = {
  rounds: 5,
  warmUpMs: 10_000,
  warmUpRequests: 10_000,
  cellMs: 2_000,
  cellRequests: 20_000,
  recordings: 3,
};
const QUICK: Extent = {
  rounds: 2,
  warmUpMs: 5_000,
  warmUpRequests: 5_000,
  cellMs: 700,
  cellRequests: 5_000,
  recordings: 2,
};

const HELP = `Measures gateways side by side in front of a fake upstream that answers at once.

npm run bench:gateway -- [options]

  --only NAMES   some subjects, with commas between: ${Object.keys(SUBJECTS).join(', ')}
  --quick        two short rounds instead of five: for trying out, not for quoting
  --json         print the results as JSON instead of tables
  --out PATH     where the results go; otherwise bench/gateway/results/<time>.json
  --health       instead: how fast /healthz answers while both cores run inference (needs installed models)
  --help         this text
`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
    health: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => {
    stop.abort();
    // Every process we started ends with this one.
    process.exit(130);
  });
}
process.exitCode = await run();

async function run(): Promise<number> {
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const names = (options.only?.split(',') ?? Object.keys(SUBJECTS)) as SubjectName[];
  const unknown = names.filter((name) => !(name in SUBJECTS));
  if (unknown.length > 0) {
    log(`No such subject: ${unknown.join(', ')}. There are: ${Object.keys(SUBJECTS).join(', ')}.`);
    return 2;
  }
  if (process.platform !== 'linux') {
    log('Processor time and peak memory are read from /proc, so this runs on Linux.');
    return 2;
  }
  const machine = await describeMachine();
  if ((machine.loadAverage ?? 0) > machine.cores / 4) log(`The machine is busy: quote ratios, if anything.`);
  const programs = await compilePrograms(stop.signal);
  return options.health ? await runHealth(programs, machine) : await runSubjects(names, programs, machine);
}

async function runSubjects(names: readonly SubjectName[], programs: string, machine: Machine): Promise<number> {
  const extent = options.quick ? QUICK : FULL;
  const upstreamPort = await freePort();
  const upstream = startProgram(join(programs, 'upstream.js'), [`${upstreamPort}`]);
  const generator = startGenerator(programs);
  let measurements: Measurements;
  try {
    await untilHealthy(upstream, `http://127.0.0.1:${upstreamPort}/counts`, 10_000, stop.signal);
    const setting = { programs, upstreamPort, log, signal: stop.signal };
    measurements = await measure(names, setting, generator, extent);
  } finally {
    await Promise.all([generator.end(), upstream.end()]);
  }
  const all = Object.entries(measurements);
  const { sensorium } = measurements;
  const goals = GOALS.map((goal) => {
    const ratio = sensorium ? ratioOf(goal, sensorium, measurements) : null;
    const { what, against, better, limit } = goal;
    return { what, against, better, limit, ratio, met: isMet(goal, ratio) };
  });
  const figures = Object.fromEntries(all.map(([name, measured]) => [name, figuresOf(measured, measurements.direct)]));
  save(
    machine,
    { pins: PINS, quick: options.quick, extent, goals, figures, rounds: measurements },
    formatReport(measurements),
  );
  // A goal that is missed fails nothing; a subject that is missing was said aloud. Wrong or no figures at all do.
  return all.every(([, { missing, troubles }]) => missing !== null || troubles.length === 0) &&
    all.some(([, { missing }]) => missing === null)
    ? 0
    : 1;
}

async function runHealth(programs: string, machine: Machine): Promise<number> {
  const health = await measureHealth(programs, options.quick, log, stop.signal);
  save(machine, { health }, formatHealth(health));
  return 0;
}

function save(machine: Machine, results: object, report: string): void {
  const measuredAt = new Date().toISOString();
  const path =
    options.out ??
    join(fileURLToPath(new URL('./results', import.meta.url)), `${measuredAt.replaceAll(':', '-')}.json`);
  const json = `${JSON.stringify({ measuredAt, machine, ...results }, null, 2)}\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, json);
  process.stdout.write(options.json ? json : `${formatMachine(machine)}\n\n${report}\n`);
  log(`Results in ${path}`);
}

function formatMachine({ cpu, cores, memoryGiB, node, loadAverage, commit }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, commit ${commit}, load ${loadAverage?.toFixed(1)} at the start${options.quick ? '; quick' : ''}.`;
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
