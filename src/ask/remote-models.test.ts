import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { listRemoteModels } from './remote-models.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server that answers each path with a text; gives its address and what it was asked. */
async function serve(body: string, status = 200): Promise<{ baseUrl: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(status).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

const LIST = '{"object":"list","data":[{"id":"seer"},{"id":"org/other:1"},{"id":7},{}]}';

it('lists what each provider has, with what is known of it, and names those that do not answer', async () => {
  const good = await serve(LIST);
  const providers = {
    house: { baseUrl: good.baseUrl, apiKey: 'k', models: { seer: { input: ['text', 'image'] } } },
    broken: { baseUrl: (await serve('<html>')).baseUrl },
    refusing: { baseUrl: (await serve('{"data":[]}', 401)).baseUrl },
    nowhere: { baseUrl: 'http://127.0.0.1:1/v1' },
    none: { baseUrl: 'file:///etc' },
    openai: { baseUrl: 'https://api.openai.com/v1', apiKey: null },
  } as const;
  const { models, unreachable } = await listRemoteModels(providers);
  expect(models.map(({ id }) => id)).toEqual(['house:seer', 'house:org/other:1']);
  expect(models[0]?.capabilities).toMatchObject({ input: { image: true }, source: 'configuration' });
  expect(models[1]?.capabilities.source).toBe('nobody said');
  expect(unreachable).toEqual(['broken', 'refusing', 'nowhere', 'none']);
  expect(good.asked).toEqual(['GET /v1/models Bearer k']);
});

it('asks once in a while, also when several want to know at once', async () => {
  const { baseUrl, asked } = await serve(LIST);
  const providers = { house: { baseUrl } };
  const lists = await Promise.all([listRemoteModels(providers), listRemoteModels(providers)]);
  expect(await listRemoteModels(providers)).toEqual(lists[0]);
  expect(asked).toHaveLength(1);
});

it('asks only this machine when the network is off', async () => {
  const { baseUrl } = await serve(LIST);
  const providers = { house: { baseUrl }, far: { baseUrl: 'http://10.255.255.1/v1' } };
  const { models, unreachable } = await listRemoteModels(providers, { offline: true });
  expect(models).toHaveLength(2);
  expect(unreachable).toEqual(['far']);
});

it('does not wait long, and leaves at once when nobody waits any more', async () => {
  const mute = createServer(() => {});
  servers.push(mute);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const providers = { mute: { baseUrl: `http://127.0.0.1:${(mute.address() as AddressInfo).port}/v1` } };
  expect((await listRemoteModels({ mute: { ...providers.mute } }, { timeoutMs: 20 })).unreachable).toEqual(['mute']);
  const controller = new AbortController();
  const listing = listRemoteModels(providers, { signal: controller.signal });
  controller.abort();
  await expect(listing).rejects.toMatchObject({ code: 'kit.cancelled' });
});
