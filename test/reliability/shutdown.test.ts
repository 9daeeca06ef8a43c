import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildCli } from '../cli/run-cli.ts';
import { eventsOf, post, question } from './requests.ts';
import { type Served, serve } from './served.ts';
import { type SlowModel, startSlowModel } from './slow-model.ts';

buildCli();

let model: SlowModel;
let server: Served;
beforeEach(async () => {
  model = await startSlowModel();
  server = await serve({ providers: { house: { baseUrl: model.url, apiKey: null } } });
});
afterEach(async () => {
  await server.end();
  model.close();
});

const ask = (more: object = {}) =>
  post(`${server.url}/v1/chat/completions`, question('Hi', { model: 'house:slow', ...more }));
const ready = async () => (await fetch(`${server.url}/readyz`)).status;

it('lets running requests finish when it is told to stop, turns others away, and ends', async () => {
  expect(await ready()).toBe(200);
  // A connection over which nothing is ever asked must not keep it from ending.
  const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(idle, 'connect');
  const running = await ask({ stream: true });
  await model.begun;
  server.kill('SIGTERM');
  await expect.poll(ready).toBe(503);
  const refused = await ask();
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  model.finish();
  const text = (await eventsOf(running)).map((event) => JSON.stringify(event)).join('\n');
  expect(text).toContain('"content":" then."');
  expect(text).toContain('"ledger"');
  expect(await server.ended).toBe(0);
  idle.destroy();
});

it('ends at once at the second signal', async () => {
  const running = await ask({ stream: true });
  await model.begun;
  server.kill('SIGTERM');
  await expect.poll(ready).toBe(503);
  server.kill('SIGTERM');
  expect(await server.ended).toBe(130);
  await expect(running.text()).rejects.toThrow();
  await model.left;
});

it('tells requests that take too long that it is being stopped', async () => {
  await server.end();
  server = await serve({ providers: { house: { baseUrl: model.url, apiKey: null } }, server: { drainSeconds: 0 } });
  const running = await ask({ stream: true });
  await model.begun;
  server.kill('SIGTERM');
  expect((await eventsOf(running)).at(-1)).toMatchObject({ error: { code: 'server.shutting-down' } });
  expect(await server.ended).toBe(0);
  await model.left;
});
