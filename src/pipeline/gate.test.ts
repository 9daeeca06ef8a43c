import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readGateItems } from './gate.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gate-items-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function items(text: string) {
  const path = join(folder, 'items.jsonl');
  await writeFile(path, text);
  return readGateItems(path);
}

it('reads items with their media beside the file', async () => {
  expect(
    await items('{"audio":"a/1.wav","text":"hello"}\n\n{"text":"你好"}\r\n{"image":"/x.png","text":"cats"}\n'),
  ).toEqual([
    { text: 'hello', path: join(folder, 'a/1.wav') },
    { text: '你好', path: null },
    { text: 'cats', path: '/x.png' },
  ]);
});

it.each([
  ['no JSON', '{"text":"a"}\nhello', 2],
  ['no text', '{"audio":"a.wav"}', 1],
  ['an empty text', '{"text":""}', 1],
  ['an unknown field', '{"text":"a","sound":"b.wav"}', 1],
  ['a list', '{"text":"a"}\n{"text":"b"}\n[]', 3],
])('names the line with %s', async (_what, text, line) => {
  await expect(items(text)).rejects.toMatchObject({ code: 'config.invalid', details: { line } });
});

it('says that there is no such file', async () => {
  await expect(readGateItems(join(folder, 'none.jsonl'))).rejects.toMatchObject({ code: 'media.not-found' });
  await expect(readGateItems(folder)).rejects.toMatchObject({ code: 'media.not-found' });
});
