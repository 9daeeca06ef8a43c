import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { context, pinned, testHome } from '../__fixtures__/home.ts';
import type { PreparationRegistry } from './run.ts';

async function registry(query: string): Promise<PreparationRegistry> {
  const module = new URL(`../__fixtures__/preparations.ts?${query}`, import.meta.url);
  const { PREPARATIONS } = await import(/* @vite-ignore */ module.href);
  const version = Number(new URLSearchParams(query).get('version') ?? 1);
  // The test runner drops the query, a plain child process does not.
  return { module, list: PREPARATIONS.map((one: object) => ({ ...one, version })) };
}

const text = (content: string) => pinned('text.txt', content, { inline: content });
const prepared = (files: ReturnType<typeof text>[]) => testHome(files, { preparations: ['upper-case'] });
// A whole line each: the file is there a moment before its first one.
const runs = (home: string) =>
  existsSync(join(home, 'runs.log')) ? readFileSync(join(home, 'runs.log'), 'utf8').split('\n').length - 1 : 0;

it('makes the file once, in another process, and again for a new version', async () => {
  const home = prepared([text('abc')]);
  const events: string[] = [];
  const watching = {
    ...context(),
    onProgress: (event: { file: string; source: string; state: string }) =>
      events.push(`${event.file} ${event.source} ${event.state}`),
  };
  const made = () => readFileSync(join(home.folder, 'made/upper.txt'), 'utf8');
  const first = home.store({}, await registry('version=1'));
  await first.ensure('toy', watching);
  await first.ensure('toy', watching);
  expect(made()).toBe('ABC1');
  expect(runs(home.home)).toBe(1);
  expect(readFileSync(join(home.home, 'runs.log'), 'utf8')).not.toContain(String(process.pid));
  expect(events.slice(-2)).toEqual(['made/upper.txt upper-case preparing', 'made/upper.txt upper-case done']);

  await home.store({ offline: true }, await registry('version=2')).ensure('toy', watching);
  expect(made()).toBe('ABC2');
  expect(runs(home.home)).toBe(2);
});

it('makes it again when an input or the output changed', async () => {
  const home = prepared([text('abc')]);
  const list = await registry('version=1');
  await home.store({}, list).ensure('toy', context());
  const changed = { ...JSON.parse(readFileSync(join(home.home, 'catalogue/toy.json'), 'utf8')), files: [text('def')] };
  writeFileSync(join(home.home, 'catalogue/toy.json'), JSON.stringify(changed));
  await home.store({}, list).ensure('toy', context());
  const output = join(home.folder, 'made/upper.txt');
  expect(readFileSync(output, 'utf8')).toBe('DEF1');

  writeFileSync(output, 'spoilt');
  expect((await home.store({}, list).verify('toy', context())).files.at(-1)).toEqual({
    path: 'made/upper.txt',
    state: 'damaged',
  });
  await home.store({}, list).ensure('toy', context());
  expect(readFileSync(output, 'utf8')).toBe('DEF1');
});

it('says which file could not be made, with the child’s words as cause', async () => {
  const home = prepared([text('abc')]);
  const failed = await home
    .store({}, await registry('fails'))
    .ensure('toy', context())
    .catch((error) => error);
  expect(failed).toMatchObject({ code: 'models.preparation-failed', details: { preparation: 'upper-case' } });
  expect(String(failed.cause)).toContain('will not');
  expect(existsSync(join(home.folder, 'made'))).toBe(false);
});

it('ends the child when cancelled and leaves nothing', async () => {
  const home = prepared([text('abc')]);
  const stop = new AbortController();
  const pulling = home.store({}, await registry('endless')).ensure('toy', { signal: stop.signal });
  while (runs(home.home) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  await expect(pulling).rejects.toMatchObject({ code: 'kit.cancelled' });
  expect(existsSync(join(home.folder, 'made'))).toBe(false);
  const child = Number(readFileSync(join(home.home, 'runs.log'), 'utf8'));
  expect(() => process.kill(child, 0)).toThrow(/ESRCH/);
});

it('refuses a catalogue that names a preparation nobody knows', async () => {
  await expect(
    prepared([text('abc')])
      .store()
      .ensure('toy', context()),
  ).rejects.toMatchObject({
    code: 'config.invalid',
  });
});
