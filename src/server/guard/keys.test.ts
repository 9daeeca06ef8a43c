import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NO_LIMITS } from './key.ts';
import { openKeyring, RELOAD_MS } from './keyring.ts';
import { createKey, listKeys, revokeKey } from './keys.ts';

const emptyHome = () => mkdtempSync(join(tmpdir(), 'sensorium-keys-'));
const plain = { name: 'laptop', limits: NO_LIMITS, expiresAt: null };

/** A keyring on a clock that only moves when told. */
function ringOf(home: string, { apiKey = null as string | null } = {}) {
  const problems: unknown[] = [];
  let nowMs = 0;
  let dateMs = Date.now();
  const ring = openKeyring(home, {
    apiKey,
    onProblem: (error) => problems.push(error),
    clock: () => nowMs,
    dateMs: () => dateMs,
  });
  return {
    ring,
    problems,
    later: (ms: number) => {
      nowMs += ms;
      dateMs += ms;
    },
  };
}

it('a new key opens; its neighbours in spelling do not', async () => {
  const home = emptyHome();
  const { key, secret } = await createKey(home, plain);
  const { ring } = ringOf(home);
  expect(secret).toMatch(/^sk-sensorium-[\w-]{43}$/);
  expect(ring.find(secret)).toMatchObject({ id: key.id, name: 'laptop' });
  for (const other of [secret.slice(0, -1), `${secret}A`, secret.toUpperCase(), '', 'sk-sensorium-', ` ${secret}`])
    expect(ring.find(other)).toBeNull();
});

it('the file holds no key, is its owner’s alone, and nothing else is left beside it', async () => {
  const home = emptyHome();
  const { secret } = await createKey(home, plain);
  const text = readFileSync(join(home, 'keys.json'), 'utf8');
  expect(text).not.toContain(secret);
  expect(text).not.toContain(secret.slice('sk-sensorium-'.length));
  expect(JSON.stringify(listKeys(home))).not.toMatch(/sha256|[0-9a-f]{64}/);
  expect(statSync(join(home, 'keys.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(home)).toEqual(['keys.json']);
});

it('a file that was opened to others is closed again by the next change', async () => {
  const home = emptyHome();
  await createKey(home, plain);
  chmodSync(join(home, 'keys.json'), 0o644);
  await createKey(home, plain);
  expect(statSync(join(home, 'keys.json')).mode & 0o777).toBe(0o600);
});

it('many writers at once lose none of each other’s keys', async () => {
  const home = emptyHome();
  const made = await Promise.all(Array.from({ length: 12 }, () => createKey(home, plain)));
  expect(new Set(listKeys(home).map(({ id }) => id))).toEqual(new Set(made.map(({ key }) => key.id)));
  expect(new Set(made.map(({ secret }) => secret)).size).toBe(12);
});

it('a running server takes up new, revoked and expired keys', async () => {
  const home = emptyHome();
  const { ring, later } = ringOf(home);
  expect(ring.required).toBe(false);
  const { key, secret } = await createKey(home, { ...plain, expiresAt: new Date(Date.now() + 3_600_000) });
  expect(ring.find(secret)).toBeNull();
  later(RELOAD_MS);
  expect(ring.required).toBe(true);
  expect(ring.find(secret)?.id).toBe(key.id);
  later(3_600_000);
  expect(ring.find(secret)).toBeNull();
  expect(ring.usable).toBe(false);

  const second = await createKey(home, plain);
  later(RELOAD_MS);
  expect(ring.find(second.secret)).not.toBeNull();
  const revoked = await revokeKey(home, second.key.id);
  later(RELOAD_MS);
  expect(ring.find(second.secret)).toBeNull();
  expect((await revokeKey(home, second.key.id)).revokedAt).toBe(revoked.revokedAt);
});

it('a server that once had keys stays closed when all are gone', async () => {
  const home = emptyHome();
  const { secret } = await createKey(home, plain);
  const { ring, later } = ringOf(home);
  rmSync(join(home, 'keys.json'));
  later(RELOAD_MS);
  expect(ring.find(secret)).toBeNull();
  expect(ring.required).toBe(true);
  expect(ring.usable).toBe(false);
});

it('revoking the last key does not open the server', async () => {
  const home = emptyHome();
  const { key } = await createKey(home, plain);
  await revokeKey(home, key.id);
  const { ring } = ringOf(home);
  expect(ring).toMatchObject({ required: true, usable: false });
});

it('a file broken while the server runs changes nothing, is told once, and is taken up when mended', async () => {
  const home = emptyHome();
  const { secret } = await createKey(home, plain);
  const good = readFileSync(join(home, 'keys.json'), 'utf8');
  const { ring, problems, later } = ringOf(home);
  writeFileSync(join(home, 'keys.json'), good.slice(0, 40));
  for (let second = 0; second < 3; second++) {
    later(RELOAD_MS);
    expect(ring.find(secret)).not.toBeNull();
  }
  expect(problems).toMatchObject([{ code: 'server.key-file-unusable' }]);
  writeFileSync(join(home, 'keys.json'), JSON.stringify({ version: 1, keys: [] }));
  later(RELOAD_MS);
  expect(ring.find(secret)).toBeNull();
});

it.each([
  ['cut off', '{"version":1,'],
  ['of another version', '{"version":2,"keys":[]}'],
  ['with a short hash', '{"version":1,"keys":[{"id":"key_000000000000","name":"x","sha256":"00"}]}'],
])('a file %s is refused at the start, and is not overwritten', async (_what, text) => {
  const home = emptyHome();
  writeFileSync(join(home, 'keys.json'), text);
  expect(() => ringOf(home)).toThrow(expect.objectContaining({ code: 'server.key-file-unusable' }));
  await expect(createKey(home, plain)).rejects.toMatchObject({ code: 'server.key-file-unusable' });
  expect(readFileSync(join(home, 'keys.json'), 'utf8')).toBe(text);
});

it('errors name no path and no key', async () => {
  const home = emptyHome();
  writeFileSync(join(home, 'keys.json'), 'sk-sensorium-secret');
  const error = await createKey(home, plain).catch((thrown) => thrown);
  expect(`${error.message} ${error.hint} ${JSON.stringify(error.details)}`).not.toMatch(/sk-|\/|\\/);
});

it('an unknown id cannot be revoked', async () => {
  await expect(revokeKey(emptyHome(), 'key_000000000000')).rejects.toMatchObject({ code: 'server.unknown-key' });
  const error = await revokeKey(emptyHome(), 'sk-sensorium-pasted').catch((thrown) => thrown);
  expect(`${error.message} ${error.hint} ${JSON.stringify(error.details)}`).not.toContain('pasted');
});

it('the configuration’s key opens too, and a short one is called guessable', () => {
  const { ring } = ringOf(emptyHome(), { apiKey: 'sixteen-letters!' });
  expect(ring.find('sixteen-letters!')).toMatchObject({ id: 'server.apiKey' });
  expect(ring).toMatchObject({ required: true, usable: true, guessable: false });
  expect(ringOf(emptyHome(), { apiKey: 'secret' }).ring.guessable).toBe(true);
});
