import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { CallContext } from '#contract/ports.ts';
import { jinaConformance } from '../../src/conformance/jina/server.ts';
import { openAiConformance } from '../../src/conformance/openai/server.ts';
import { qwenConformance } from '../../src/conformance/qwen/server.ts';
import { type ConformanceServer, type Running, startConformance } from '../../src/conformance/server.ts';
import { vllmConformance } from '../../src/conformance/vllm/chat.ts';
import { voyageConformance } from '../../src/conformance/voyage/server.ts';
import { cosine, examineMediaEmbedder, hum, paper } from '../../src/embed/conformance.ts';
import { remoteEmbedder, remoteMediaEmbedder } from '../../src/embed/engines/remote/index.ts';
import { PATIENCE } from './patience.ts';

type Providers = Parameters<typeof remoteEmbedder>[1]['providers'];

interface Place {
  readonly server: ConformanceServer;
  readonly texts: string;
  readonly media: string | null;
}

const PLACES: readonly Place[] = [
  { server: openAiConformance, texts: 'openai:some-embedding-model', media: null },
  { server: jinaConformance, texts: 'jina:jina-embeddings-v3', media: 'jina:jina-clip-v2' },
  { server: voyageConformance, texts: 'voyage:voyage-3', media: 'voyage:voyage-multimodal-3' },
  { server: qwenConformance, texts: 'qwen:text-embedding-v4', media: 'qwen:tongyi-embedding-vision-plus' },
  { server: vllmConformance, texts: 'vllm:intfloat/e5-small', media: 'vllm:TIGER-Lab/VLM2Vec-Full' },
];

describe.each(PLACES)('$server.name', ({ server: conformance, texts: textId, media: mediaId }) => {
  let server: Running;
  let providers: Providers;
  const signal = new AbortController().signal;
  beforeAll(async () => {
    server = await startConformance(conformance);
    const configured = conformance.configure(server.origin).providers as Providers;
    providers = Object.fromEntries(
      Object.entries(configured).map(([name, provider]) => [name, { ...provider, patience: PATIENCE }]),
    );
  });
  beforeEach(() => {
    server.play('happy');
    server.faults.length = 0;
    server.seen.length = 0;
  });
  afterAll(() => server.close());

  const collecting = () => {
    const losses: Loss[] = [];
    const spent: number[] = [];
    const context: CallContext = { signal, note: (loss) => losses.push(loss), spent: (count) => spent.push(count) };
    return { losses, spent, context };
  };

  it('has vectors for texts, in their order, in requests of its size', async () => {
    const embedder = await remoteEmbedder(textId, { providers }, signal);
    const { context, spent, losses } = collecting();
    const texts = Array.from({ length: 70 }, (_, at) => `text ${at} 句子`);
    const made = await embedder.embed(texts, context, 'document');
    expect(made.map(({ vector }) => vector.length)).toEqual(texts.map(() => embedder.capabilities.dimensions));
    for (const at of [0, 9, 10, 63, 64, 69]) {
      const [alone] = await embedder.embed([texts[at]!], context, 'document');
      expect(cosine(alone!.vector, made[at]!.vector)).toBeGreaterThan(0.99999);
      expect(alone?.tokens).toBeGreaterThan(0);
    }
    expect(spent.length).toBeGreaterThan(1);
    expect(losses).toEqual([]);
    expect(server.faults).toEqual([]);
    expect(await embedder.embed([], context)).toEqual([]);
  });

  it.each(['shuffled', 'no-places', 'as-base64', 'no-usage'].filter((play) => play in conformance.cases))(
    'reads an answer that is %s',
    async (play) => {
      const embedder = await remoteEmbedder(textId, { providers }, signal);
      const plain = await embedder.embed(['a', 'b', 'c'], collecting().context);
      server.play(play);
      const made = await embedder.embed(['a', 'b', 'c'], collecting().context);
      for (const [at, { vector }] of made.entries()) expect(cosine(vector, plain[at]!.vector)).toBeGreaterThan(0.9999);
      expect(server.faults).toEqual([]);
    },
  );

  it.each(
    ['twice-one-place', 'one-too-few', 'not-a-number', 'zeros', 'other-length'].filter((p) => p in conformance.cases),
  )('refuses vectors that are %s', async (play) => {
    const embedder = await remoteEmbedder(textId, { providers }, signal);
    server.play(play);
    await expect(embedder.embed(['a', 'b', 'c'], collecting().context)).rejects.toMatchObject({
      code: 'embed.upstream-failed',
    });
  });

  it.each([
    ['bad-key', 'embed.key-refused'],
    ['rate-limited', 'embed.rate-limited'],
    ['quota-spent', 'embed.quota-spent'],
    ['error-500', 'embed.upstream-failed'],
    ['page-502', 'embed.upstream-failed'],
    ['reset-before', 'embed.upstream-failed'],
  ])('says what %s is', async (play, code) => {
    const embedder = await remoteEmbedder(textId, { providers }, signal);
    server.play(play);
    const error = await embedder.embed(['a'], collecting().context).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error) + String((error as Error).message)).not.toContain('opaque');
  });

  it('is left when the caller leaves', async () => {
    const embedder = await remoteEmbedder(textId, { providers }, signal);
    const leaving = { ...collecting().context, signal: AbortSignal.abort() };
    await expect(embedder.embed(['a'], leaving)).rejects.toMatchObject({ code: 'kit.cancelled' });
  });

  if (mediaId === null) {
    it('is no embedder of media', async () => {
      await expect(remoteMediaEmbedder(textId, { providers }, signal)).rejects.toMatchObject({
        code: 'embed.unknown-model',
      });
    });
    return;
  }

  examineMediaEmbedder(mediaId, () => remoteMediaEmbedder(mediaId, { providers }, signal));

  it('sends media as its API wants them, large pictures made smaller', async () => {
    const embedder = await remoteMediaEmbedder(mediaId, { providers }, signal);
    const { context, losses, spent } = collecting();
    const many = Array.from({ length: 11 }, (_, at) => paper(`p-${at}`, [at * 20, 100, 50]));
    const vectors = await embedder.media(many, context);
    expect(vectors).toHaveLength(11);
    expect(server.faults).toEqual([]);
    expect(losses).toEqual([]);
    expect(spent.length).toBeGreaterThan(1);

    await embedder.media([paper('big', [90, 90, 90], 4_200)], context);
    expect(server.faults).toEqual([]);
    expect(losses).toMatchObject([
      { kind: 'downscaled', stage: 'embed', part: 'big', engine: mediaId, before: '4200×4200' },
    ]);
  });

  it('makes text and media vectors of one length', async () => {
    const embedder = await remoteMediaEmbedder(mediaId, { providers }, signal);
    const [text] = await embedder.texts(['一只猫'], collecting().context, 'query');
    const [picture] = await embedder.media([paper('p', [1, 2, 3])], collecting().context);
    expect(text?.length).toBe(picture?.length);
    expect(server.faults).toEqual([]);
  });
});

it('cuts sounds where a server takes only so much, and says so', async () => {
  const server = await startConformance(vllmConformance);
  try {
    const providers = vllmConformance.configure(server.origin).providers as Providers;
    const signal = new AbortController().signal;
    const embedder = await remoteMediaEmbedder('vllm:omni', { providers }, signal);
    const losses: Loss[] = [];
    await embedder.media([hum('long', 440, 601_000)], { signal, note: (loss) => losses.push(loss) });
    expect(losses).toMatchObject([{ kind: 'truncated', part: 'long', time: { startMs: 600_000, endMs: 601_000 } }]);
    expect(server.faults).toEqual([]);
  } finally {
    await server.close();
  }
});

it('refuses servers nobody knows, keys that are missing, and the network when it is off', async () => {
  const signal = new AbortController().signal;
  await expect(remoteEmbedder('nobody:m', { providers: {} }, signal)).rejects.toMatchObject({
    code: 'embed.unknown-model',
  });
  await expect(remoteEmbedder('jina:jina-embeddings-v3', { providers: {} }, signal)).rejects.toMatchObject({
    code: 'embed.key-refused',
  });
  const providers = { jina: { apiKey: 'k' } };
  await expect(remoteMediaEmbedder('jina:jina-clip-v2', { providers, offline: true }, signal)).rejects.toMatchObject({
    code: 'embed.offline',
  });
});
