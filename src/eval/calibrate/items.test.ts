import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readItems } from './items.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-calibrate-'));
  await writeFile(join(folder, 'a.wav'), '');
});
afterAll(() => rm(folder, { recursive: true }));

async function read(...lines: unknown[]) {
  const path = join(folder, 'data.jsonl');
  await writeFile(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return readItems(path);
}

describe('labelled items', () => {
  it('are recordings, found beside the file, or what was heard already; empty lines count', async () => {
    const items = await read({ audio: 'a.wav', text: 'a', speaker: 'x' }, '', {
      hypothesis: 'a b',
      reference: 'a c',
      second: '',
    });
    expect(items).toEqual([
      { kind: 'recording', line: 1, path: join(folder, 'a.wav'), item: { audio: 'a.wav', text: 'a', speaker: 'x' } },
      { kind: 'heard', line: 3, item: { hypothesis: 'a b', reference: 'a c', second: '' } },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{"audio":', 'Line 2 of .*is not JSON'],
    ['neither form', { text: 'a' }, 'neither "audio" nor "hypothesis"'],
    ['null', 'null', 'neither'],
    ['another kind of value', { hypothesis: 3, reference: 'a' }, 'Line 2: hypothesis: .*string'],
    ['a missing field', { audio: 'a.wav' }, 'Line 2: text: '],
    ['a misspelt field', { audio: 'a.wav', text: 'a', speeker: 'x' }, 'speeker'],
    [
      'a confidence that is none',
      { hypothesis: 'a', reference: 'a', words: [{ text: 'a', confidence: 97 }] },
      'words.0.confidence',
    ],
  ])('say which line is wrong: %s', async (_, line, message) => {
    await expect(read({ hypothesis: 'a', reference: 'a' }, line)).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('{"audio"'),
      details: { line: 2 },
    });
  });

  it('say which recording is missing and how many more, and that there is no file', async () => {
    const missing = [
      { audio: 'b.wav', text: 'b' },
      { audio: 'a.wav', text: 'a' },
      { audio: 'c.wav', text: 'c' },
    ];
    await expect(read(...missing)).rejects.toMatchObject({
      code: 'media.not-found',
      message: expect.stringMatching(/Line 1: there is no b\.wav .* 1 more are missing/),
    });
    await expect(readItems(join(folder, 'none.jsonl'))).rejects.toMatchObject({ code: 'media.not-found' });
    await expect(readItems(folder)).rejects.toMatchObject({
      code: 'media.not-found',
      message: expect.stringContaining('not a file'),
    });
  });
});
