import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeLanguageModel } from '#ask/fake.ts';
import { DEFAULTS } from '#config/schema.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { tellAnswer } from '#pipeline/answer.ts';
import type { Sensorium } from '#pipeline/index.ts';
import { createKey, type RunningServer, startServer } from '#server/index.ts';
import { partsWith } from '../src/pipeline/__fixtures__/parts.ts';
import { type Bench, bench, colourSpace, recording, textInput } from '../src/pipeline/shelf/__fixtures__/shelf.ts';

let made: Bench;
let server: RunningServer;
let client: OpenAI;
let stranger: OpenAI;

beforeAll(async () => {
  made = bench({ media: [colourSpace()], settings: { maxMbPerKey: 1 } });
  const { shelf, home } = made;
  const parts = partsWith(fakeRecogniser(['hello']), { model: async () => fakeLanguageModel(), shelf });
  const sensorium: Partial<Sensorium> = {
    shelf,
    tell: (request, listener, stop) => tellAnswer(request, parts, listener, stop),
    voices: () => [],
    processes: () => [],
  };
  const config = {
    ...DEFAULTS,
    server: { ...DEFAULTS.server, port: 0, drainSeconds: 0 },
    log: { level: 'silent', pii: false } as const,
  };
  const limits = { requestsPerMinute: null, requestsPerDay: null, requestsAtOnce: null };
  const keyOf = async (name: string) => (await createKey(home, { name, limits, expiresAt: null })).secret;
  const [own, other] = [await keyOf('own'), await keyOf('other')];
  server = await startServer(sensorium as Sensorium, { config, home, origins: new Map() }, 'test');
  const baseURL = `${server.url}/v1`;
  client = new OpenAI({ baseURL, apiKey: own, maxRetries: 0 });
  stranger = new OpenAI({ baseURL, apiKey: other, maxRetries: 0 });
});
afterAll(async () => {
  await server?.close();
  await made?.close();
});

const SOON = { pollIntervalMs: 20 };
const fileOf = ({ bytes, name }: { bytes: Uint8Array; name: string }) => toFile(bytes, name);
const upload = async (text: string, name: string) =>
  client.files.create({ file: await fileOf(textInput(text, name)), purpose: 'assistants' });
const ours = <T>(value: unknown) => (value as { sensorium: T }).sensorium;

describe('vector stores by the official client', () => {
  it('makes, changes, lists and removes stores', async () => {
    const first = await client.vectorStores.create({ name: 'first', metadata: { team: 'red' } });
    expect(first).toMatchObject({ object: 'vector_store', status: 'completed', metadata: { team: 'red' } });
    const second = await client.vectorStores.create({ expires_after: { anchor: 'last_active_at', days: 2 } });
    expect((second.expires_at ?? 0) - second.created_at).toBe(2 * 86_400);
    expect(await client.vectorStores.update(first.id, { name: 'renamed' })).toMatchObject({ name: 'renamed' });
    const ids: string[] = [];
    for await (const store of client.vectorStores.list({ limit: 1 })) ids.push(store.id);
    expect(ids).toEqual([second.id, first.id]);
    for (const id of ids) expect(await client.vectorStores.delete(id)).toMatchObject({ id, deleted: true });
    await expect(client.vectorStores.retrieve(first.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    expect((await client.vectorStores.list()).data).toEqual([]);
  });

  it('keeps files, gives their bytes back, and forgets them', async () => {
    const file = await upload('Some words.', 'words.txt');
    expect(file).toMatchObject({ object: 'file', filename: 'words.txt', bytes: 11, purpose: 'assistants' });
    expect(await client.files.retrieve(file.id)).toEqual(file);
    const content = await client.files.content(file.id);
    expect(await content.text()).toBe('Some words.');
    expect(content.headers.get('content-disposition')).toBe('attachment');
    expect((await client.files.list({ purpose: 'assistants' })).data).toEqual([file]);
    expect((await client.files.list({ purpose: 'vision' })).data).toEqual([]);
    expect(await client.files.delete(file.id)).toMatchObject({ deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    const tooMuch = client.files.create({
      file: await toFile(Buffer.alloc(2 ** 20 + 1, 'a '), 'a.txt'),
      purpose: 'assistants',
    });
    await expect(tooMuch).rejects.toMatchObject({ status: 413, code: 'store.quota-reached' });
    const unknownPurpose = client.files.create({ file: await toFile(Buffer.from('a'), 'a.txt'), purpose: 'fine-tune' });
    await expect(unknownPurpose).rejects.toMatchObject({ status: 400, param: 'purpose' });
  });

  it('puts files in, finds them with filters, changes their attributes, and takes them out', async () => {
    const store = await client.vectorStores.create({ name: 'library' });
    const bridge = await upload('The bridge was painted green in spring.', 'bridge.txt');
    const put = { file_id: bridge.id, attributes: { year: 1999 } };
    expect(await client.vectorStores.files.createAndPoll(store.id, put, SOON)).toMatchObject({
      status: 'completed',
      attributes: { year: 1999 },
    });
    const talk = await client.vectorStores.files.uploadAndPoll(
      store.id,
      await fileOf(recording([true], 'talk.wav')),
      SOON,
    );
    expect(talk.status).toBe('completed');
    expect((await client.vectorStores.retrieve(store.id)).file_counts).toMatchObject({ completed: 2, total: 2 });

    const found = await client.vectorStores.search(store.id, { query: 'painted bridge', max_num_results: 3 });
    expect(found.data[0]).toMatchObject({
      ...{ file_id: bridge.id, filename: 'bridge.txt', attributes: { year: 1999 } },
      content: [{ type: 'text', text: 'The bridge was painted green in spring.' }],
    });
    expect(found.data[0]?.score).toBeGreaterThan(0.3);
    expect(ours(found.data[0])).toMatchObject({ modality: 'text', places: [{ embedder: 'fake', rank: 1 }] });
    const heard = await client.vectorStores.search(store.id, { query: ['hello'] });
    expect(heard.data[0]?.file_id).toBe(talk.id);
    expect(ours(heard.data[0])).toMatchObject({ modality: 'audio', from_ms: expect.any(Number) });

    const filters = (value: number) => ({
      ...{ type: 'and' as const, filters: [{ type: 'gte' as const, key: 'year', value }] },
    });
    const search = (value: number) =>
      client.vectorStores.search(store.id, { query: 'bridge', filters: filters(value) });
    expect((await search(1999)).data).toHaveLength(1);
    expect((await search(2000)).data).toHaveLength(0);
    const where = { vector_store_id: store.id };
    await client.vectorStores.files.update(bridge.id, { ...where, attributes: { year: 2001 } });
    expect((await search(2000)).data).toHaveLength(1);

    const texts: (string | undefined)[] = [];
    for await (const piece of client.vectorStores.files.content(bridge.id, where)) texts.push(piece.text);
    expect(texts).toEqual(['The bridge was painted green in spring.']);
    expect(await client.vectorStores.files.delete(bridge.id, where)).toMatchObject({ deleted: true });
    expect(
      (await client.vectorStores.search(store.id, { query: 'bridge' })).data.map(({ file_id }) => file_id),
    ).not.toContain(bridge.id);
    expect((await client.files.retrieve(bridge.id)).id).toBe(bridge.id);
  });

  it('puts batches in and says how far they are', async () => {
    const store = await client.vectorStores.create({});
    const files = await Promise.all(['One cat.', 'Two cats.'].map((text, at) => upload(text, `${at}.txt`)));
    const ids = files.map(({ id }) => id);
    const batch = await client.vectorStores.fileBatches.createAndPoll(
      store.id,
      { file_ids: ids, attributes: { of: 'cats' } },
      SOON,
    );
    expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 2, total: 2 } });
    const listed: string[] = [];
    for await (const file of client.vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: store.id }))
      listed.push(file.id);
    expect(listed.sort()).toEqual([...ids].sort());
    const cancelled = await client.vectorStores.fileBatches.cancel(batch.id, { vector_store_id: store.id });
    expect(cancelled.file_counts).toMatchObject({ completed: 2 });
    const nobody = client.vectorStores.fileBatches.create(store.id, { file_ids: ['file-000000000000000000000000'] });
    await expect(nobody).rejects.toMatchObject({ status: 404, param: 'file_id' });
  });

  it('shows another key nothing of it', async () => {
    const store = await client.vectorStores.create({ name: 'private' });
    const file = await upload('A secret.', 'secret.txt');
    for (const asking of [
      () => stranger.vectorStores.retrieve(store.id),
      () => stranger.vectorStores.search(store.id, { query: 'secret' }),
      () => stranger.vectorStores.delete(store.id),
      () => stranger.files.content(file.id),
      () => stranger.vectorStores.files.create(store.id, { file_id: file.id }),
      () => stranger.files.delete(file.id),
    ]) {
      await expect(asking()).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    }
    expect((await stranger.files.list()).data).toEqual([]);
    expect((await stranger.vectorStores.list()).data).toEqual([]);
  });

  it('says what it does not do, and what is wrong with a search', async () => {
    const store = await client.vectorStores.create({});
    const search = (body: object) => client.post(`/vector_stores/${store.id}/search`, { body });
    const found = await search({ query: 'anything', rewrite_query: true });
    expect(ours(found)).toMatchObject({ losses: [{ kind: 'option-ignored', text: 'rewrite_query' }] });
    await expect(search({})).rejects.toMatchObject({ status: 400, param: 'query' });
    const filters = { type: 'like', key: 'a', value: 'b' };
    await expect(search({ query: 'a', filters })).rejects.toMatchObject({ status: 400 });
    await expect(search({ query: 'a', max_num_results: 51 })).rejects.toMatchObject({
      status: 400,
      param: 'max_num_results',
    });
    const deep = Array.from({ length: 200 }).reduce<object>((inner) => ({ type: 'and', filters: [inner] }), filters);
    await expect(search({ query: 'a', filters: deep })).rejects.toMatchObject({ status: 400 });
  });

  it('answers a chat with what is found in a store', async () => {
    const store = await client.vectorStores.create({});
    await client.vectorStores.files.uploadAndPoll(
      store.id,
      await fileOf(textInput('The key lies under the mat.')),
      SOON,
    );
    const ask = (tools: readonly object[]) =>
      client.chat.completions.create({
        model: 'fake',
        messages: [{ role: 'user', content: 'Where lies the key?' }],
        tools: tools as unknown as OpenAI.ChatCompletionTool[],
      });
    const answer = await ask([{ type: 'file_search', vector_store_ids: [store.id], max_num_results: 1 }]);
    expect(answer.choices[0]?.message.content).toContain('The key lies under the mat.');
    expect(ours(answer)).toMatchObject({ retrieved: [{ part: 'part-1', as: 'text', filename: 'note.txt' }] });
    const theirs = stranger.chat.completions.create({
      ...{ model: 'fake', messages: [{ role: 'user', content: 'Where lies the key?' }] },
      tools: [{ type: 'file_search', vector_store_ids: [store.id] }] as unknown as OpenAI.ChatCompletionTool[],
    });
    await expect(theirs).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(ask([{ type: 'web_search' }])).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });
});
