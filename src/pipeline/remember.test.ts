import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lossOf } from '#contract/loss.ts';
import { type Kept, memoryKey, openMemory } from './remember.ts';

const kept = (text: string): Kept => ({
  perception: { part: 'part-1', kind: 'plain-text', text },
  losses: [lossOf({ kind: 'layout', stage: 'perceive', message: 'order unsure' })],
});

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'remember-')), 'perceptions');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

describe.each(['memory', 'disk'] as const)('a memory in %s', (where) => {
  it('gives back what was kept under the same key, and nothing under another', async () => {
    const memory = openMemory(where, folder, 1e6);
    const key = memoryKey({ sha256: 'a', engines: ['eyes 1'] });
    await memory.keep(key, kept('你好'));
    expect(await memory.get(key)).toEqual(kept('你好'));
    expect(await memory.get(memoryKey({ sha256: 'a', engines: ['eyes 2'] }))).toBeNull();
  });

  it('forgets what was not used longest when it is full', async () => {
    const memory = openMemory(where, folder, 1500);
    for (const [at, key] of ['a', 'b', 'c'].entries()) {
      await memory.keep(key, kept(String(at).repeat(300)));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await memory.get('a')).toBeNull();
    expect(await memory.get('c')).not.toBeNull();
  });
});

describe('on disk', () => {
  it('is for this user alone and outlives the process', async () => {
    await openMemory('disk', folder, 1e6).keep('a', kept('secret'));
    expect((await stat(join(folder, 'a.json'))).mode & 0o077).toBe(0);
    expect(await openMemory('disk', folder, 1e6).get('a')).toEqual(kept('secret'));
  });

  it('takes a damaged file for nothing', async () => {
    const memory = openMemory('disk', folder, 1e6);
    await memory.keep('a', kept('x'));
    await writeFile(join(folder, 'a.json'), '{"perception":');
    expect(await memory.get('a')).toBeNull();
  });

  it('goes on where nothing can be written', async () => {
    const file = join(folder, '..', 'a-file');
    await writeFile(file, '');
    const memory = openMemory('disk', join(file, 'below'), 1e6);
    await memory.keep('a', kept('x'));
    expect(await memory.get('a')).toBeNull();
  });

  it('keeps nothing where nothing is to be kept', async () => {
    const memory = openMemory('nothing', folder, 1e6);
    await memory.keep('a', kept('x'));
    expect(await memory.get('a')).toBeNull();
    await expect(readdir(folder)).rejects.toThrow();
  });
});
