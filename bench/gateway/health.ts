import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '#config/index.ts';
import { startGenerator } from './generator.ts';
import { freePort, startCommand, untilHealthy } from './processes.ts';
import type { LatencyResult } from './programs/messages.ts';
import { cpuMsOfTree } from './programs/proc.ts';
import { SENSORIUM, START_LIMIT_MS } from './subjects.ts';

const GOAL_P99_MS = 20;
const PAUSE_MS = 10;
const IDLE_MS = 3_000;
const BUSY_MS = 15_000;
const QUICK_BUSY_MS = 5_000;
const TRANSCRIPTIONS_AT_ONCE = 2;
const MAX_TOKENS = 64;

/** Eleven seconds of English kept beside the repository, else the example in it. */
const RECORDINGS = ['../../../shared/data/audio/en_jfk.wav', '../../examples/question.wav'];

export interface Health {
  readonly idle: LatencyResult;
  readonly busy: LatencyResult;
  /** Cores' worth of time used while busy: by the server with its models, and by everything on the machine. */
  readonly coresBusy: { readonly ours: number; readonly all: number; readonly of: number };
  readonly transcriptions: number;
  readonly chats: number;
  readonly goalP99Ms: number;
}

/** Asks /healthz while local models hear and write, and before. Throws when the models did nothing. */
export async function measureHealth(
  programs: string,
  quick: boolean,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Health> {
  const { config } = loadConfig();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = startCommand(process.execPath, [SENSORIUM, 'serve', '--port', `${port}`], {
    SENSORIUM_LOG_LEVEL: 'error',
  });
  const generator = startGenerator(programs);
  try {
    await untilHealthy(server, `${origin}/healthz`, START_LIMIT_MS, signal);
    const probe = (maxMs: number) =>
      generator.run({ kind: 'probe', url: `${origin}/healthz`, pauseMs: PAUSE_MS, maxMs });
    const hear = transcription(origin, config.hear.model, signal);
    const chat = () => post(`${origin}/v1/chat/completions`, chatBody(config.ask.model), signal);
    log('Loading the models …');
    await hear();
    await chat();
    const idle = await probe(IDLE_MS);

    log('Hearing and writing …');
    let goOn = true;
    const loop = async (call: () => Promise<unknown>) => {
      let calls = 0;
      for (; goOn; calls++) await call();
      return calls;
    };
    const began = performance.now();
    const before = { ours: cpuMsOfTree(server.pid), all: busyMsOfMachine() };
    const busyCores = () => {
      const ms = performance.now() - began;
      const ours = (cpuMsOfTree(server.pid) - before.ours) / ms;
      return { ours, all: (busyMsOfMachine() - before.all) / ms, of: cpus().length };
    };
    const busyMs = quick ? QUICK_BUSY_MS : BUSY_MS;
    const stopped = probe(busyMs).finally(() => {
      goOn = false;
    });
    const [busy, coresBusy, chats, ...heard] = await Promise.all([
      stopped,
      stopped.then(busyCores),
      loop(chat),
      ...Array.from({ length: TRANSCRIPTIONS_AT_ONCE }, () => loop(hear)),
    ]);
    const transcriptions = heard.reduce((sum, calls) => sum + calls, 0);
    if (chats === 0 || transcriptions === 0) throw new Error('The models answered nothing in time.');
    return { idle, busy, coresBusy, transcriptions, chats, goalP99Ms: GOAL_P99_MS };
  } finally {
    await Promise.all([generator.end(), server.end()]);
  }
}

/** The figures as Markdown. */
export function formatHealth({ idle, busy, coresBusy, transcriptions, chats, goalP99Ms }: Health): string {
  const row = (name: string, { p50Ms, p99Ms, maxMs, failures }: LatencyResult) =>
    `| ${[name, ...[p50Ms, p99Ms, maxMs].map((ms) => ms?.toFixed(2) ?? '–'), failures].join(' | ')} |`;
  const met = busy.failures === 0 && busy.p99Ms !== null && busy.p99Ms <= goalP99Ms;
  return [
    '| /healthz | p50 ms | p99 ms | max ms | failures |',
    '| --- | ---: | ---: | ---: | ---: |',
    row('nothing else to do', idle),
    row('while hearing and writing', busy),
    '',
    `${coresBusy.all.toFixed(2)} of ${coresBusy.of} cores busy, ${coresBusy.ours.toFixed(2)} of it ours: ${transcriptions} transcriptions, ${chats} chats.`,
    `Goal: p99 ≤ ${goalP99Ms} ms (${met ? 'met' : 'missed'}).`,
  ].join('\n');
}

function busyMsOfMachine(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

function transcription(origin: string, model: string, signal: AbortSignal): () => Promise<void> {
  const path = RECORDINGS.map((file) => fileURLToPath(new URL(file, import.meta.url))).find((file) => existsSync(file));
  if (!path) throw new Error('There is no recording to hear.');
  const recording = readFileSync(path);
  return () => {
    const form = new FormData();
    form.set('file', new File([recording], 'recording.wav', { type: 'audio/wav' }));
    form.set('model', model);
    return post(`${origin}/v1/audio/transcriptions`, form, signal);
  };
}

function chatBody(model: string): string {
  const content = 'Tell me about the sea in three sentences.';
  return JSON.stringify({ model, messages: [{ role: 'user', content }], max_tokens: MAX_TOKENS });
}

async function post(url: string, body: string | FormData, signal: AbortSignal): Promise<void> {
  const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
  const response = await fetch(url, { method: 'POST', headers, body, signal });
  const text = await response.text();
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}: ${text.slice(0, 300)}`);
}
