import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CHECKS } from './checks.ts';
import { CLIENTS } from './clients.ts';
import { install, interpreter } from './install.ts';
import { type Judgement, judge } from './run-client.ts';
import { fuzz } from './schemathesis.ts';
import { type Judged, startJudged } from './server.ts';
import { renderTable } from './table.ts';
import { startUpstream, UPSTREAM_KEY } from './upstream.ts';

/**
 * Lets the official clients judge the server, one after the other, and compares with `docs/compat.md`.
 * `--write` writes that page, `--client` and `--only` (the beginning of checks' names) narrow the run down, and with
 * `--all` a client that cannot be installed is a failure and not only counted.
 */
const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    client: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
  },
});
const page = new URL('../../docs/compat.md', import.meta.url);
const narrowed = values.client !== undefined || values.only !== '';
const wanted = CLIENTS.filter(({ id }) => values.client?.includes(id) ?? true);
const fuzzed = values.only === '' && (values.client?.includes('schemathesis') ?? true);

const started = performance.now();
const say = (text: string) => console.log(`[${Math.round((performance.now() - started) / 1000)} s] ${text}`);

type Installed = { readonly program: string; readonly packages: string } | { readonly missing: string };
const installing = new Map(
  wanted.map((client): [string, Promise<Installed>] => [
    client.id,
    install(client.id, client.runtime.kind)
      .then(async (packages) => ({ packages, program: await interpreter(client, packages) }))
      .catch((error: Error) => ({ missing: error.message })),
  ]),
);
const fuzzer = fuzzed ? install('schemathesis', 'python').catch((error: Error) => ({ missing: error.message })) : null;

const upstream = await startUpstream();
const house = { url: upstream.url, key: UPSTREAM_KEY };
const judgements = new Map<string, Judgement>();
let bad = 0;
let skipped = 0;
let fuzzedOperations: number | null = null;
try {
  if (wanted.length > 0) await withServer({}, letClientsJudge);
  const tool = await fuzzer;
  if (typeof tool === 'string') {
    await withServer({ ask: { model: 'house:mirror' }, offline: true }, (server) => letSchemathesisJudge(tool, server));
  } else if (tool !== null) {
    skipped += 1;
    say(`SKIPPED schemathesis: ${tool.missing}`);
  }
} finally {
  await upstream.close();
}

const text = renderTable(judgements, fuzzedOperations);
if (values.write && !narrowed) writeFileSync(page, text);
else if (!narrowed && skipped === 0 && readFileSync(page, 'utf8') !== text) {
  fault('docs/compat.md is out of date: npm run test:compat -- --write');
}
say(`${judgements.size} clients, ${CHECKS.length} checks each, ${bad} problems, ${skipped} skipped`);
const judges = judgements.size + Number(fuzzedOperations !== null);
process.exitCode = bad > 0 || judges === 0 || (values.all && skipped > 0) ? 1 : 0;

/** Runs a server for as long as `use` needs it; how it ends, and what its log says, counts too. */
async function withServer(settings: object, use: (server: Judged) => Promise<void>): Promise<void> {
  const server = await startJudged(house, settings);
  try {
    await use(server);
  } finally {
    const code = await server.stop();
    if (code !== 0) fault(`the server ended with ${code}`);
  }
  for (const line of server.log().split('\n')) {
    if (line.includes('us.bug')) fault(`in the server’s log: ${line.slice(0, 1000)}`);
  }
}

async function letClientsJudge(server: Judged): Promise<void> {
  await warm(server);
  say('the server has its models');
  for (const client of wanted) {
    const installed = await (installing.get(client.id) as Promise<Installed>);
    if ('missing' in installed) {
      skipped += 1;
      say(`SKIPPED ${client.title}: ${installed.missing}`);
      continue;
    }
    const judgement = await judge(client, installed, server, values.only);
    judgements.set(client.id, judgement);
    tell(client.title, judgement);
  }
}

async function letSchemathesisJudge(installed: string, server: Judged): Promise<void> {
  const { problems, operations, cases } = await fuzz(installed, server);
  for (const problem of problems) fault(`schemathesis: ${problem}`);
  say(`schemathesis: ${operations} operations, ${cases} requests, ${problems.length} problems`);
  if (problems.length === 0) fuzzedOperations = operations;
}

function fault(text: string): void {
  bad += 1;
  say(`✗ ${text}`);
}

/** Has every model loaded before the first client waits for one. */
async function warm({ url, key }: Judged): Promise<void> {
  const send = (path: string, body: object) =>
    fetch(`${url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then(async (response) => {
      if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    });
  const data = readFileSync(new URL('../../examples/question.wav', import.meta.url)).toString('base64');
  const content = [{ type: 'input_audio', input_audio: { data, format: 'wav' } }];
  await send('chat/completions', { messages: [{ role: 'user', content }], max_tokens: 4 });
  await send('audio/speech', { input: 'Hello.' });
  await send('embeddings', { input: 'Hello.' });
}

/** Prints what a client found. */
function tell(title: string, { outcomes, answers, problems }: Judgement): void {
  const all = [...outcomes];
  for (const [check, { outcome, reason }] of all) if (outcome === 'failed') fault(`${title}: ${check}: ${reason}`);
  for (const problem of new Set(problems)) fault(`${title}: ${problem}`);
  const count = (wanted: string) => all.filter(([, { outcome }]) => outcome === wanted).length;
  say(
    `${title}: ${count('passed')} passed, ${count('failed')} failed, ${count('not-run')} not run; ` +
      `${answers} answers, ${problems.length} of a wrong shape`,
  );
  if (count('passed') === 0 || answers === 0) fault(`${title} has judged nothing`);
}
