import OpenAI from 'openai';
import { afterEach, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { TextPurpose } from '#contract/ports.ts';
import { wavFile } from '#kit/pcm.ts';
import { encodePng } from '#runtime/pixels/shape.ts';
import type { RunningServer } from '#server/index.ts';
import { cosine, paper } from '../src/embed/conformance.ts';
import { fakeEmbedder, fakeMediaEmbedder } from '../src/embed/fake.ts';
import { type FakeServerOptions, startFakeServer } from './reliability/fake-server.ts';

let server: RunningServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const COLOURS = {
  ids: { image: 'colours', audio: null },
  has: (id: string) => id === 'colours',
  open: async () => fakeMediaEmbedder(),
};

interface Answer {
  readonly data: readonly { readonly index: number; readonly embedding: readonly number[] }[];
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number };
  readonly sensorium: { readonly losses: readonly Loss[]; readonly tokens: number | null };
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

async function embedded(body: object, options: FakeServerOptions = { mediaEmbedders: COLOURS }) {
  server ??= await startFakeServer(options);
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${server.url}/v1/embeddings`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: reply.status, ...((await reply.json()) as Answer) };
}

async function png(rgb: readonly [number, number, number]): Promise<string> {
  const medium = paper('p', rgb);
  if (!('pixels' in medium)) throw new Error('no picture');
  return Buffer.from(await encodePng(medium.pixels)).toString('base64');
}
const picture = async (rgb: readonly [number, number, number]) => ({
  type: 'image_url',
  image_url: { url: `data:image/png;base64,${await png(rgb)}` },
});
const sound = {
  type: 'input_audio',
  input_audio: { data: wavFile(new Float32Array(16_000).fill(0.1), 16_000).toString('base64'), format: 'wav' },
};
const vector = (answer: Answer, at: number) => Float32Array.from(answer.data[at]?.embedding ?? []);

it('gives texts and pictures vectors of one space, in their order', async () => {
  const input = [
    'a blue sea',
    await picture([250, 5, 5]),
    { type: 'text', text: 'red 红' },
    await picture([5, 5, 250]),
  ];
  const answer = await embedded({ input });
  expect(answer.error).toBeUndefined();
  expect([answer.status, answer.model, answer.data.map(({ index }) => index)]).toEqual([200, 'colours', [0, 1, 2, 3]]);
  expect(cosine(vector(answer, 1), vector(answer, 2))).toBeGreaterThan(0.98);
  expect(cosine(vector(answer, 0), vector(answer, 3))).toBeGreaterThan(0.98);
  expect(cosine(vector(answer, 0), vector(answer, 1))).toBeLessThan(0.3);
  // Nobody counted tokens: clients want a number, and whoever wants to know sees that there is none.
  expect([answer.usage.prompt_tokens, answer.sensorium.tokens]).toEqual([0, null]);
  expect(answer.sensorium.losses).toMatchObject([{ kind: 'language-unsupported', engine: 'colours' }]);
});

it('embeds words alone by the text embedder, unless that of pictures is named', async () => {
  const words = await embedded({ input: ['red'] });
  expect([words.model, words.data[0]?.embedding.length]).toEqual(['fake', 64]);
  expect(words.sensorium.tokens).toBe(1);
  const colours = await embedded({ input: ['red'], model: 'colours', dimensions: 3 });
  expect([colours.model, colours.data[0]?.embedding.length]).toEqual(['colours', 3]);
  expect(colours.sensorium.losses).toMatchObject([{ kind: 'shortened' }]);
});

it('says what cannot be embedded, and what to do', async () => {
  const heard = await embedded({ input: [sound] });
  expect([heard.status, heard.error?.code]).toEqual([400, 'embed.bad-input']);
  expect(JSON.stringify(heard.error)).toContain('embed.audio');
  const text = {
    type: 'image_url',
    image_url: { url: `data:;base64,${Buffer.from('just words').toString('base64')}` },
  };
  expect(await embedded({ input: [text] })).toMatchObject({ status: 400, error: { code: 'embed.bad-input' } });
  const broken = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
  expect((await embedded({ input: [broken] })).error?.code).toMatch(/^(?:media|see)\./);
  const empty = { type: 'image_url', image_url: { url: ' ' } };
  expect(await embedded({ input: [empty] })).toMatchObject({ status: 400, error: { code: 'server.bad-request' } });
  expect((await embedded({ input: [{ type: 'video_url', video_url: 'x' }] })).status).toBe(400);
  expect((await embedded({ input: [[1, 2, 3]] })).status).toBe(400);
});

it('does not mix spaces: pictures and sounds of two models are refused in one request', async () => {
  const two = { ...COLOURS, ids: { image: 'colours', audio: 'tones' } };
  const answer = await embedded({ input: [await picture([1, 2, 3]), sound] }, { mediaEmbedders: two });
  expect(answer).toMatchObject({ status: 400, error: { code: 'embed.bad-input' } });
  expect(answer.error?.message).toContain('two models');
});

it('takes pictures nowhere where nothing is set up for them, and only so many', async () => {
  const none = await embedded({ input: [await picture([1, 2, 3])] }, {});
  expect(none).toMatchObject({ status: 400, error: { code: 'embed.bad-input' } });
  await server?.close();
  server = null;
  const one = await picture([1, 2, 3]);
  const many = await embedded({ input: [one, one, one] }, { mediaEmbedders: COLOURS, server: { maxParts: 2 } });
  expect(many).toMatchObject({ status: 400, error: { code: 'server.bad-request' } });
});

it('hands on what texts are for', async () => {
  const purposes: (TextPurpose | undefined)[] = [];
  const fake = fakeEmbedder();
  const embedder = {
    embed: (texts: readonly string[], context: Parameters<typeof fake.embed>[1], purpose?: TextPurpose) => {
      purposes.push(purpose);
      return fake.embed(texts, context);
    },
  };
  for (const input_type of ['query', 'document', undefined])
    await embedded({ input: 'word', input_type }, { embedder });
  expect(purposes).toEqual(['query', 'document', undefined]);
});

it('works with OpenAI’s own client as it is', async () => {
  server = await startFakeServer({ mediaEmbedders: COLOURS });
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const { data, usage } = await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: ['a word', 'two words'],
  });
  expect(data.map(({ embedding }) => embedding.length)).toEqual([64, 64]);
  expect(usage.total_tokens).toBe(4);
});
