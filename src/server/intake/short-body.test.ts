import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { shortBody } from './short-body.ts';

const limits = (contentLength: number, signal = new AbortController().signal) => ({
  maxBytes: 100,
  contentLength,
  signal,
});

it('gives the body, however it was cut', async () => {
  const stream = new PassThrough();
  const body = shortBody(stream, limits(5));
  stream.write('he');
  stream.end('llo');
  expect(String(await body)).toBe('hello');
  expect(stream.listenerCount('data') + stream.listenerCount('close')).toBe(0);
});

it('refuses a body of another length than was promised', async () => {
  const stream = new PassThrough();
  const body = shortBody(stream, limits(6));
  stream.end('hello');
  await expect(body).rejects.toMatchObject({ code: 'server.bad-request' });
});

it.each(['cancelled', 'broken off', 'gone before'])('says that the client went away: %s', async (how) => {
  const stop = new AbortController();
  const stream = new PassThrough();
  if (how === 'gone before') stream.destroy();
  const body = shortBody(stream, limits(5, stop.signal));
  stream.write('he');
  if (how === 'cancelled') stop.abort();
  if (how === 'broken off') stream.destroy();
  await expect(body).rejects.toMatchObject({ code: 'kit.cancelled' });
  expect(stream.destroyed).toBe(how !== 'cancelled');
});
