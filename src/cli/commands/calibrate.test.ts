import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { loadProfile } from '#ledger/index.ts';
import { main } from '../main.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-calibrate-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** Runs a command line here, and says what it printed. */
async function cli(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  const code = await main(args);
  vi.restoreAllMocks();
  return { code, out: out.join(''), err: err.join('') };
}

/** Every tenth word is wrong; every second of these is doubted, and every tenth of the others. */
async function data(count: number): Promise<string> {
  const path = join(folder, `calls ${count}.jsonl`);
  const items = Array.from({ length: count }, (_, at) => {
    const words = Array.from({ length: 10 }, (_, n) => {
      const isWrong = n === at % 10;
      const isDoubted = isWrong ? at % 2 === 0 : (at + n) % 10 === 0;
      return { text: `w${n}${isWrong ? 'x' : ''}`, confidence: isDoubted ? 0.4 : 0.95 };
    });
    const reference = Array.from({ length: 10 }, (_, n) => `w${n}`).join(' ');
    return { hypothesis: words.map(({ text }) => text).join(' '), reference, words, speaker: `s${at % 4}`, lang: 'en' };
  });
  await writeFile(path, items.map((item) => JSON.stringify(item)).join('\n'));
  return path;
}

it('writes the profile and its picture beside the data and says how to use it', async () => {
  const { code, out } = await cli('calibrate', await data(100));
  expect(code).toBe(0);
  const profile = join(folder, 'calls 100.profile.json');
  expect((await loadProfile(profile)).items).toBe(1_000);
  expect(await readFile(join(folder, 'calls 100.profile.svg'), 'utf8')).toContain('1000 places');
  expect(out).toContain('100 of 1000 units wrong');
  expect(out).toContain(JSON.stringify({ ledger: { profile } }));
});

it('prints one JSON object, and Chinese where that is asked for', async () => {
  const own = join(folder, 'own.json');
  const { out } = await cli('calibrate', await data(100), '--json', '--out', own);
  expect(JSON.parse(out)).toMatchObject({ profile: own, unit: 'word', errors: 100, utterances: 100, notHeard: [] });
  expect(existsSync(join(folder, 'own.svg'))).toBe(true);
  const chinese = await cli('calibrate', await data(100), '--language', 'zh', '--out', own);
  expect(chinese.out).toContain('100 条，4 位说话人');
  expect(await readFile(join(folder, 'own.svg'), 'utf8')).toContain('预测的出错概率');
});

it('says what to do where it cannot, and writes nothing then', async () => {
  const few = await cli('calibrate', await data(4));
  expect(few).toMatchObject({
    code: 2,
    err: expect.stringMatching(/too-few-items.*6 more errors are needed: about 6 more items/),
  });
  expect(existsSync(join(folder, 'calls 4.profile.json'))).toBe(false);
  const nowhere = await cli('calibrate', await data(100), '--out', join(folder, 'none', 'own.json'));
  expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('There is no folder') });
  expect((await cli('calibrate', join(folder, 'none.jsonl'))).err).toContain('{"audio"');
});
