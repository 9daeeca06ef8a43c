import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AskEvent } from '#contract/chat.ts';
import type { Embedding } from '#contract/ports.ts';
import { startWorker, type Worker, workerStates } from '#runtime/worker/host.ts';
import type { RunningServer } from '#server/index.ts';
import { type Stages, startFakeServer } from './fake-server.ts';
import { errorOf, eventsOf, metric, post, question } from './requests.ts';

const module = new URL('../../src/runtime/worker/__fixtures__/worker.ts', import.meta.url);
let folder: string;
let worker: Worker;
let server: RunningServer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sensorium-death-'));
});
afterEach(async () => {
  await server.close();
  await worker.close();
  rmSync(folder, { recursive: true });
});

const state = () => workerStates().find(({ name }) => name === 'judged');
const vector: Embedding = { vector: new Float32Array(64).fill(1 / 8), tokens: 1, unknownTokens: 0 };

/** An embedder whose process does what the text says. */
function embedder(): NonNullable<Stages['embedder']> {
  return {
    async embed([text = ''], { signal }) {
      const [method = 'double', argument] = text.split(' ');
      await worker.call(method, argument === undefined ? join(folder, 'mark') : Number(argument), signal);
      return [vector];
    },
  };
}

/** A model whose process counts aloud and dies. */
const model: NonNullable<Stages['model']> = {
  async *ask(_request, { signal }): AsyncGenerator<AskEvent> {
    for await (const n of worker.stream<number>('dieAfter', 3, signal)) yield { kind: 'text-delta', text: `${n} ` };
  },
};

const embed = (input: string) => post(`${server.url}/v1/embeddings`, { input });

describe('a model process that dies in the middle of a request', () => {
  it('is not noticed, neither by its request nor by one that waits', async () => {
    worker = startWorker(module, { name: 'judged' });
    server = await startFakeServer({ embedder: embedder() });
    const replies = await Promise.all([embed('dieOnce'), embed('double 1')]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(state()).toMatchObject({ deaths: 1 });
    expect(await metric(server.url, 'sensorium_model_deaths{model="judged"}')).toBe(1);
  });

  it('fails a request that kills every process, after the second, and tells clients not to repeat it', async () => {
    worker = startWorker(module, { name: 'judged' });
    server = await startFakeServer({ embedder: embedder() });
    const [killing, other] = await Promise.all([embed('dieNoting'), embed('double 1')]);
    expect(killing.status).toBe(500);
    expect(killing.headers.get('x-should-retry')).toBe('false');
    expect(await errorOf(killing)).toMatchObject({ code: 'runtime.worker-died-twice' });
    expect(other.status).toBe(200);
    expect(readFileSync(join(folder, 'mark'), 'utf8')).toBe('..');
    expect((await embed('double 2')).status).toBe(200);
  });

  it('ends a stream with an error after what was out', async () => {
    worker = startWorker(module, { name: 'judged' });
    server = await startFakeServer({ model });
    const reply = await post(`${server.url}/v1/chat/completions`, question('Hi', { stream: true }));
    const events = await eventsOf(reply);
    const text = events.map((event) => (event as Chunk).choices?.[0]?.delta.content ?? '').join('');
    expect(text).toBe('1 2 3 ');
    expect(events.at(-1)).toMatchObject({ error: { code: 'runtime.worker-died' } });
  });
});

interface Chunk {
  readonly choices?: readonly { readonly delta: { readonly content?: string } }[];
}

it('a full line answers 429 with the time to come back in, and empties by itself', async () => {
  worker = startWorker(module, { name: 'judged', maxWaiting: 2 });
  server = await startFakeServer({ embedder: embedder() });
  await worker.call('block', 300);
  const replies = await Promise.all(Array.from({ length: 6 }, () => embed('block 300')));
  const statuses = replies.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
  for (const reply of replies.filter(({ status }) => status === 429)) {
    expect(await errorOf(reply)).toMatchObject({ code: 'server_busy', sensorium: { code: 'runtime.busy' } });
    // Three are before it, each of which takes as long as the one that was measured.
    expect(Number(reply.headers.get('retry-after-ms'))).toBeGreaterThanOrEqual(900);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  }
  expect((await embed('double 1')).status).toBe(200);
});
