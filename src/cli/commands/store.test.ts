import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../main.ts';

const home = mkdtempSync(join(tmpdir(), 'sensorium-store-cli-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** One command line in this process, with what it printed. */
async function run(...words: readonly string[]) {
  vi.stubEnv('SENSORIUM_HOME', home);
  vi.stubEnv('SENSORIUM_OFFLINE', '1');
  const printed = { out: '', err: '' };
  const keep = (where: 'out' | 'err') => (text: string | Uint8Array) => {
    printed[where] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
  const code = await main(['store', ...words]);
  vi.restoreAllMocks();
  return { code, ...printed };
}

describe('sensorium store', () => {
  it('begins with no stores', async () => {
    expect(await run('list', '--json')).toEqual({ code: 0, out: '{"stores":[]}\n', err: '' });
  });

  it('goes on with the other files where one cannot be added, and says so in its exit code', async () => {
    const empty = join(home, 'empty.txt');
    writeFileSync(empty, '');
    const { code, out, err } = await run('add', join(home, 'nowhere.wav'), empty, '--store', 'notes', '--json');
    expect(code).toBe(2);
    const { store, files } = JSON.parse(out);
    expect(store).toMatchObject({ name: 'notes', counts: { completed: 0 } });
    expect(files.map(({ error }: { error: { code: string } }) => error.code)).toEqual([
      'media.not-found',
      'media.empty',
    ]);
    expect(err).toMatch(/not added .*nowhere\.wav/);
  });

  it('names the nearest store where there is none of that name', async () => {
    const { code, err } = await run('show', 'note');
    expect(code).toBe(2);
    expect(err).toMatch(/store\.unknown.*Did you mean notes\?/);
  });

  it('keeps the stores of each key apart', async () => {
    expect((await run('list', '--tenant', 'key_0a1b2c3d4e5f', '--json')).out).toBe('{"stores":[]}\n');
    expect((await run('list', '--tenant', '../other')).code).toBe(2);
    expect((await run('list')).out).toMatch(/^notes vs_[0-9a-f]{24} /);
  });

  it('refuses options that mean nothing before it opens anything', async () => {
    for (const words of [
      ['--limit', '0'],
      ['--threshold', '2'],
      ['--filter', 'year'],
      ['--modality', 'smell'],
    ]) {
      expect((await run('search', 'words', ...words)).code).toBe(2);
    }
  });
});
