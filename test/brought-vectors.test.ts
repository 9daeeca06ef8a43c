import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { fakeLanguageModel } from '#ask/fake.ts';
import { DEFAULTS } from '#config/schema.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { tellAnswer } from '#pipeline/answer.ts';
import type { AnswerRequest, Sensorium } from '#pipeline/index.ts';
import { createKey, type RunningServer, startServer } from '#server/index.ts';
import { writeTensor } from '../src/kit/tensor/tensor.ts';
import { partsWith } from '../src/pipeline/__fixtures__/parts.ts';

const values = new Float32Array([0.5, -1, 2, 0, 0.25, 8]);
const data = writeTensor({ rows: 2, width: 3, values, type: 'bfloat16' }).toString('base64');
const words = (text: string) => ({ type: 'text', text });
const vectors = (more: object = {}) => ({ type: 'prompt_embeds', data, surrogate: 'a slow melody', ...more });
const NO_LIMITS = { requestsPerMinute: null, requestsPerDay: null, requestsAtOnce: null };

let server: RunningServer | undefined;
let home = '';
afterEach(async () => {
  await server?.close();
  rmSync(home, { recursive: true, force: true });
});

/** A server with a model that takes words only, and two keys, of which one may bring vectors. */
async function served(accept: boolean) {
  home = mkdtempSync(join(tmpdir(), 'sensorium-brought-'));
  const asked: AnswerRequest[] = [];
  const parts = partsWith(fakeRecogniser(['hello']), { model: async () => fakeLanguageModel() });
  const sensorium: Partial<Sensorium> = {
    tell: (request, listener, stop) => {
      asked.push(request);
      return tellAnswer(request, parts, listener, stop);
    },
    voices: () => [],
    processes: () => [],
  };
  const config = {
    ...DEFAULTS,
    inject: { ...DEFAULTS.inject, accept },
    server: { ...DEFAULTS.server, port: 0, drainSeconds: 0, maxParts: 2 },
    log: { level: 'silent', pii: false } as const,
  };
  const keyOf = async (mayBringVectors: boolean) =>
    (await createKey(home, { name: 'k', limits: NO_LIMITS, expiresAt: null, mayBringVectors })).secret;
  const keys = { trusted: await keyOf(true), plain: await keyOf(false) };
  server = await startServer(sensorium as Sensorium, { config, home, origins: new Map() }, 'test');
  const { url } = server;
  const ask = async (key: keyof typeof keys, ...content: object[]) => {
    const reply = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys[key]}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content }] }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: the shapes of answers are what is looked at.
    return { status: reply.status, json: (await reply.json()) as any };
  };
  return { ask, asked };
}

it('a key that may brings vectors into the pipeline, between its words', async () => {
  const { ask, asked } = await served(true);
  const { status, json } = await ask('trusted', words('What is'), vectors(), words('?'));
  expect(status).toBe(200);
  expect(asked[0]?.turns?.[0]?.content).toMatchObject([
    { kind: 'text', text: 'What is' },
    {
      kind: 'vectors',
      vectors: { part: 'vectors-1', rows: 2, width: 3, values, surrogate: 'a slow melody', component: null },
    },
    { kind: 'text', text: '?' },
  ]);
  // The model takes words only: the words stand in their place, and that is a loss.
  expect(json.choices[0].message.content).toContain('a slow melody');
  expect(JSON.stringify(json.sensorium.ledger)).toContain('vectors-1 did not go in as vectors');
});

it('vectors of a large body arrive whole', async () => {
  const { ask, asked } = await served(true);
  const [rows, width] = [300, 1_024];
  const large = Float32Array.from({ length: rows * width }, (_, at) => (at % 251) / 8);
  const file = writeTensor({ rows, width, values: large, type: 'float32' });
  expect((await ask('trusted', vectors({ data: file.toString('base64') }))).status).toBe(200);
  expect(asked[0]?.turns?.[0]?.content[0]).toMatchObject({ vectors: { rows, width } });
  const [part] = asked[0]?.turns?.[0]?.content ?? [];
  expect(part?.kind === 'vectors' && Buffer.from(part.vectors.values.buffer).equals(Buffer.from(large.buffer))).toBe(
    true,
  );
});

it.each([
  ['a server that takes none', false, 'trusted', 'inject.accept'],
  ['a key that may not', true, 'plain', '--vectors'],
] as const)('%s refuses them before they are read', async (_, accept, key, hint) => {
  const { ask, asked } = await served(accept);
  const { status, json } = await ask(key, words('What is'), vectors({ data: '***' }));
  expect(status).toBe(403);
  expect(json.error).toMatchObject({
    code: 'inject.not-allowed',
    message: expect.stringContaining(hint),
    sensorium: { hint: expect.stringContaining(hint), parts: [], gate: { fallback: 'none' } },
  });
  expect(asked).toEqual([]);
});

it('says the gate’s code, the measure, the threshold, the remedy and the fallback of what it refuses', async () => {
  const { ask, asked } = await served(true);
  const many = writeTensor({ rows: 9_000, width: 1, values: new Float32Array(9_000), type: 'bfloat16' });
  const { status, json } = await ask('trusted', vectors({ data: many.toString('base64') }));
  expect(status).toBe(400);
  expect(json.error).toMatchObject({
    code: 'inject.bad-vectors',
    param: 'messages[0].content[0].data',
    sensorium: {
      hint: expect.stringContaining('fewer rows'),
      gate: { code: 'EMB_TOO_LARGE', part: 'vectors-1', measured: 9_000, threshold: 8_192, fallback: 'none' },
    },
  });
  const wordless = await ask('trusted', vectors({ surrogate: undefined }));
  expect(wordless).toMatchObject({ status: 400, json: { error: { param: 'messages[0].content[0].surrogate' } } });
  const crowded = await ask('trusted', vectors(), vectors(), vectors());
  expect(crowded).toMatchObject({ status: 400, json: { error: { param: 'messages' } } });
  expect(asked).toEqual([]);
});
