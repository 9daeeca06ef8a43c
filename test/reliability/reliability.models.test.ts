import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import { DEFAULTS } from '#config/schema.ts';
import { openSensorium, type Sensorium } from '#pipeline/index.ts';
import { type WorkerState, workerStates } from '#runtime/worker/host.ts';
import { type RunningServer, startServer } from '#server/index.ts';
import { processTree } from '../../bench/processes.ts';
import { buildCli } from '../cli/run-cli.ts';
import { wordErrorRate } from '../word-errors.ts';
import { audioPart, eventsOf, formWith, metric, post, question } from './requests.ts';
import { serve } from './served.ts';

buildCli();

const recording = readFileSync(new URL('../../examples/question.wav', import.meta.url));
const long = new URL('../../../shared/data/audio/en_jfk.wav', import.meta.url);
const speechTruth = 'ask not what your country can do for you ask what you can do for your country';
/** Long enough to be in the middle of: eleven seconds where they are there, else the question itself. */
const sound = existsSync(long) ? readFileSync(long) : recording;
if (!existsSync(long)) console.log('the long recording is not here: the short one is heard instead');

const texts = Array.from(
  { length: 192 },
  (_, at) => `Sentence ${at} is about the weather, the sea, and number ${at * 7}.`,
);
const story = 'It was a quiet morning by the sea. '.repeat(12);
const reading = `${'The town lies by a river, and its bridge is old. '.repeat(60)}\nHow old is the bridge?`;

let sensorium: Sensorium;
let server: RunningServer;
beforeAll(async () => {
  // The same recording is heard again and again, and must be at work each time.
  const { config, ...rest } = loadConfig({ 'perceive.remember': 'nothing' });
  sensorium = openSensorium({ ...rest, config: { ...config, log: { level: 'error', pii: false } } });
  const settings = { ...config, server: { ...config.server, port: 0 }, log: { level: 'error', pii: false } as const };
  server = await startServer(sensorium, { ...rest, config: settings }, 'test');
  await loadAll();
});
afterAll(async () => {
  await server.close();
  await sensorium.close();
});

/** Everything is loaded, so that what follows finds models at work and not on their way. */
async function loadAll(): Promise<void> {
  for (const reply of await Promise.all([ask('Say hello.'), transcribe(recording), speak('Hello.'), embed(['a'])])) {
    expect(reply.status).toBe(200);
    await reply.arrayBuffer();
  }
}

type Signal = { readonly signal?: AbortSignal };
const ask = (content: unknown, more: object = {}, options: Signal = {}) =>
  post(`${server.url}/v1/chat/completions`, question(content, { max_tokens: 24, ...more }), options);
const transcribe = (bytes: Uint8Array, fields: Record<string, string> = {}, { signal }: Signal = {}) =>
  fetch(`${server.url}/v1/audio/transcriptions`, {
    method: 'POST',
    body: formWith(bytes, fields),
    signal: signal ?? null,
  });
const speak = (input: string, more: object = {}, options: Signal = {}) =>
  post(`${server.url}/v1/audio/speech`, { input, response_format: 'pcm', ...more }, options);
const embed = (input: readonly string[], options: Signal = {}) =>
  post(`${server.url}/v1/embeddings`, { input }, options);

const model = DEFAULTS.ask.model;
const embedder = DEFAULTS.embed.model;
function stateOf(name: string): WorkerState {
  const state = workerStates().find((one) => one.name === name);
  if (!state) throw new Error(`${name} was never started`);
  return state;
}
const untilBusy = (name: string) => expect.poll(() => stateOf(name).busy, { interval: 2, timeout: 30_000 }).toBe(true);
const untilIdle = (name: string) => expect.poll(() => stateOf(name).busy, { interval: 2, timeout: 30_000 }).toBe(false);
const heard = async (reply: Response) => ((await reply.json()) as { text: string }).text;

describe('a model process that is killed at work', () => {
  /** Sends a request, kills the process as soon as it works, and gives the answer. */
  async function killedAtWork(name: string, send: () => Promise<Response>): Promise<Response> {
    const { deaths, pid } = stateOf(name);
    const reply = send();
    await untilBusy(name);
    process.kill(pid as number, 'SIGKILL');
    const answer = await reply;
    expect(stateOf(name).deaths).toBe(deaths + 1);
    expect(stateOf(name).pid).not.toBe(pid);
    return answer;
  }

  it('the recogniser: the transcript is whole', async () => {
    const reply = await killedAtWork('whisper', () => transcribe(sound));
    expect(reply.status).toBe(200);
    const text = await heard(reply);
    expect(text.toLowerCase().replace(/[^a-z ]/g, '')).toContain(existsSync(long) ? speechTruth : 'capital of france');
  });

  it('the voice detector: the transcript is whole', async () => {
    const reply = await killedAtWork('silero', () => transcribe(sound));
    expect(reply.status).toBe(200);
    expect(await heard(reply)).not.toBe('');
  });

  it('the embedder: the vectors are the same', async () => {
    const before = ((await (await embed(texts)).json()) as Vectors).data;
    const reply = await killedAtWork(embedder, () => embed(texts));
    expect(((await reply.json()) as Vectors).data).toEqual(before);
  });

  it('the voice, before its first sound: all is said', async () => {
    const before = (await (await speak('Good morning to you all.')).arrayBuffer()).byteLength;
    const reply = await killedAtWork('kokoro', () => speak('Good morning to you all.'));
    expect(reply.status).toBe(200);
    expect((await reply.arrayBuffer()).byteLength).toBe(before);
  });

  it('the language model, before its first word: the answer comes; in the middle: an error says so', async () => {
    const reply = await killedAtWork(model, () => ask(`${reading} Answer in one word.`, { max_tokens: 8 }));
    expect(reply.status).toBe(200);
    await reply.arrayBuffer();

    const stream = await ask('Count from one to fifty, in words.', { stream: true, max_tokens: 300 });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    process.kill(stateOf(model).pid as number, 'SIGKILL');
    let rest = '';
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest += Buffer.from(next.value);
    expect(rest).toContain('"code":"runtime.worker-died"');
    expect(rest).not.toContain('[DONE]');
    expect((await ask('Say hello.')).status).toBe(200);
  });
});

interface Vectors {
  readonly data: readonly { readonly embedding: readonly number[] }[];
}

describe('a client that leaves while a model works', () => {
  type Send = (options: Signal) => Promise<Response>;
  const spoken = { modalities: ['text', 'audio'], audio: { voice: 'heart', format: 'pcm16' }, max_tokens: 80 };
  const rows: [string, string, Send][] = [
    ['a transcription being heard', 'whisper', (options) => transcribe(sound, {}, options)],
    ['a transcription stream being heard', 'whisper', (options) => transcribe(sound, { stream: 'true' }, options)],
    ['a transcription being looked at', 'silero', (options) => transcribe(sound, {}, options)],
    ['a chat whose recording is heard', 'whisper', (options) => ask([audioPart(sound)], {}, options)],
    ['a chat being read', model, (options) => ask(reading, {}, options)],
    ['a chat stream being read', model, (options) => ask(reading, { stream: true }, options)],
    ['a chat being written', model, (options) => ask('Count to one hundred.', { max_tokens: 400 }, options)],
    ['a chat being spoken', 'kokoro', (options) => ask('Tell me a story.', spoken, options)],
    [
      'a chat stream being spoken',
      'kokoro',
      (options) => ask('Tell me a story.', { ...spoken, stream: true }, options),
    ],
    ['speech', 'kokoro', (options) => speak(story, {}, options)],
    ['speech being encoded', 'kokoro', (options) => speak(story, { response_format: 'opus' }, options)],
    ['vectors', embedder, (options) => embed(texts, options)],
  ];

  it.each(rows)('leaves nothing of %s behind', async (_what, name, send) => {
    // Those before may have cost it its process; a model being loaded is for whoever comes next.
    if (workerStates().some(({ pid }) => pid === undefined)) await loadAll();
    const { pid } = stateOf(name);
    const leaving = new AbortController();
    const left = send({ signal: leaving.signal }).then((reply) => reply.arrayBuffer());
    left.catch(() => {});
    await untilBusy(name);
    const leftAt = performance.now();
    leaving.abort();
    await untilIdle(name);
    const freeMs = performance.now() - leftAt;
    await expect(left).rejects.toThrow();
    await expect.poll(() => metric(server.url, 'sensorium_requests_running')).toBe(0);
    // Nobody works on for whoever has gone: not the one that was seen, nor another after it.
    // One that does not stop by itself is ended; that takes its time on a busy machine.
    await expect
      .poll(() => workerStates().filter(({ busy, waiting }) => busy || waiting > 0), { timeout: 3_000 })
      .toEqual([]);
    console.log(`free after ${freeMs.toFixed(0)} ms${stateOf(name).pid === pid ? '' : ', its process was ended'}`);
  });
});

describe('a model for which too many wait', () => {
  let narrow: Sensorium;
  let crowded: RunningServer;
  beforeAll(async () => {
    const { config, ...rest } = loadConfig({ 'server.maxWaiting': 1, 'server.port': 0, 'log.level': 'error' });
    narrow = openSensorium({ ...rest, config });
    crowded = await startServer(narrow, { ...rest, config }, 'test');
  });
  afterAll(async () => {
    await crowded.close();
    await narrow.close();
  });

  const spoken = { modalities: ['text', 'audio'], audio: { voice: 'heart', format: 'wav' }, max_tokens: 8 };
  const rows: [string, (url: string) => Promise<Response>][] = [
    ['transcriptions', (url) => fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body: formWith(sound) })],
    ['speech', (url) => post(`${url}/v1/audio/speech`, { input: 'Good morning to you all.', response_format: 'wav' })],
    ['vectors', (url) => post(`${url}/v1/embeddings`, { input: texts })],
    ['chats', (url) => post(`${url}/v1/chat/completions`, question('Say hello.', { max_tokens: 8 }))],
    ['spoken chats', (url) => post(`${url}/v1/chat/completions`, question('Say hello.', spoken))],
  ];
  it.each(rows)(
    'turns some of eight %s away with a time to come back in, and answers the others',
    async (_what, send) => {
      const replies = await Promise.all(Array.from({ length: 8 }, () => send(crowded.url)));
      const statuses = replies.map(({ status }) => status);
      console.log(statuses.join(' '), replies.map(({ headers }) => headers.get('retry-after-ms')).join(' '));
      expect(new Set(statuses)).toEqual(new Set([200, 429]));
      for (const reply of replies) {
        if (reply.status === 429) expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        await reply.arrayBuffer();
      }
      expect((await send(crowded.url)).status).toBe(200);
    },
  );
});

it('model processes end with the server, however it ends', async () => {
  const served = await serve();
  const reply = await post(
    `${served.url}/v1/chat/completions`,
    question([audioPart(recording)], { max_tokens: 300, stream: true }),
  );
  const reader = (reply.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  const family = [...(await processTree(served.pid)).keys()].filter((pid) => pid !== served.pid);
  expect(family.length).toBeGreaterThanOrEqual(2);
  const killedAt = performance.now();
  served.kill('SIGKILL');
  await served.ended;
  const living = () => family.filter((pid) => existsSync(`/proc/${pid}`));
  await expect.poll(living, { interval: 5, timeout: 30_000 }).toEqual([]);
  console.log(`${family.length} processes were gone after ${(performance.now() - killedAt).toFixed(0)} ms`);
  await served.end();
});

it('a transcript stays right while others come and go', async () => {
  const leaving = Array.from({ length: 4 }, () => new AbortController());
  const others = leaving.map(({ signal }) => transcribe(sound, {}, { signal }).catch(() => null));
  const staying = transcribe(sound).then(heard);
  await untilBusy('whisper');
  for (const one of leaving) one.abort();
  await Promise.all(others);
  const alone = await transcribe(sound).then(heard);
  expect(wordErrorRate(alone, await staying)).toBe(0);
});

it('a stream that nobody reads keeps its words for whoever does', async () => {
  const events = await eventsOf(await ask('What is the capital of France?', { stream: true }));
  expect(JSON.stringify(events)).toContain('Paris');
});
