import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CASES } from './cases/index.ts';
import { openBench } from './context.ts';
import { describeMachine } from './machine.ts';
import { type Row, summarise } from './summary.ts';
import { formatTable } from './table.ts';

const FEWEST_RUNS = 5;

const { values: options } = parseArgs({
  options: {
    peers: { type: 'boolean', default: false },
    'native-llama': { type: 'boolean', default: false },
    only: { type: 'string' },
    runs: { type: 'string', default: String(FEWEST_RUNS) },
    json: { type: 'string' },
    recording: { type: 'string' },
    language: { type: 'string', default: 'en' },
    question: { type: 'string' },
  },
});

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    stop.abort();
    // Models and peers die with this process; a second signal need not be waited for.
    process.exit(130);
  });
}
process.exitCode = await run();

/** Runs the chosen cases one after the other. Fails when one failed or measured nothing. */
async function run(): Promise<number> {
  const names = options.only?.split(',') ?? Object.keys(CASES);
  const unknown = names.filter((name) => !(name in CASES));
  const runs = Number(options.runs);
  const binding = options['native-llama'] ? 'llama-cpp-python' : 'xllamacpp';
  if (unknown.length > 0)
    return refuse(`No such case: ${unknown.join(', ')}. There are: ${Object.keys(CASES).join(', ')}.`);
  if (!Number.isInteger(runs) || runs < 1) return refuse('--runs takes a whole number.');
  if (runs < FEWEST_RUNS) log(`Fewer than ${FEWEST_RUNS} runs: good for trying out, not for quoting.`);

  const machine = await describeMachine();
  if ((machine.loadAverage ?? 0) > machine.cores / 4) {
    log(`The machine is busy (load ${machine.loadAverage?.toFixed(1)}): quote ratios, if anything.`);
  }
  const bench = await openBench({ ...options, runs, binding }, stop.signal, log);
  const rows: Row[] = [];
  const failures: string[] = [];
  try {
    for (const name of names) {
      const { bench: benchCase } = await CASES[name as keyof typeof CASES]();
      log(`${name}: ${benchCase.measures}`);
      try {
        const figures = await benchCase.run(bench.context);
        if (figures.length === 0) throw new Error(`${name} measured nothing.`);
        rows.push(...figures.map((figure) => summarise(name, figure)));
      } catch (error) {
        log(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
        failures.push(name);
      }
    }
    const measuredAt = new Date().toISOString();
    const peers = (await bench.context.peer?.facts()) ?? null;
    const path = options.json ?? join(resultsFolder(), `${measuredAt.replaceAll(':', '-')}.json`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      `${JSON.stringify({ measuredAt, runs, machine, binding: peers && binding, peers, failures, rows }, null, 2)}\n`,
    );
    if (rows.length > 0) process.stdout.write(`${formatTable(rows)}\n`);
    log(`${rows.length} figures from ${names.length - failures.length} of ${names.length} cases, in ${path}`);
  } finally {
    await bench.close();
  }
  return failures.length > 0 || rows.length === 0 ? 1 : 0;
}

function resultsFolder(): string {
  return fileURLToPath(new URL('./results', import.meta.url));
}

function refuse(why: string): number {
  log(why);
  return 2;
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
