import { expect, it } from 'vitest';
import { ringWith } from './__fixtures__/keyring.ts';
import { isLoopbackAddress, isLoopbackName, mustHaveKeys } from './listen.ts';

const beyond = ['0.0.0.0', '::', '', '192.168.1.5', '10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '8.8.8.8', '0'];

it.each(beyond)('refuses to listen on %j without a key and names the command', async (host) => {
  await expect(mustHaveKeys(host, ringWith())).rejects.toMatchObject({
    code: 'server.cannot-listen',
    hint: expect.stringContaining('sensorium keys create'),
  });
  await expect(mustHaveKeys(host, ringWith('k'))).resolves.toBe(false);
});

it.each(['127.0.0.1', '127.8.9.10', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', '127.1'])(
  'listens on %s without a key',
  async (host) => {
    await expect(mustHaveKeys(host, ringWith())).resolves.toBe(true);
  },
);

it('refuses a key that can be guessed beyond loopback only', async () => {
  const guessable = { usable: true, guessable: true };
  await expect(mustHaveKeys('0.0.0.0', guessable)).rejects.toMatchObject({ code: 'server.cannot-listen' });
  await expect(mustHaveKeys('127.0.0.1', guessable)).resolves.toBe(true);
});

it('knows loopback from what only looks like it', () => {
  for (const name of ['localhost', 'app.localhost', '127.0.0.1', '::1']) expect(isLoopbackName(name)).toBe(true);
  for (const name of ['localhost.evil.example', '127.0.0.1.evil.example', 'notlocalhost', '128.0.0.1', ''])
    expect(isLoopbackName(name)).toBe(false);
  expect(isLoopbackAddress(undefined)).toBe(false);
  expect(isLoopbackAddress('::ffff:127.0.0.1')).toBe(true);
});
