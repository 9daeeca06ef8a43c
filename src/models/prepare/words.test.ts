import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDictionary, openEnglishSounds } from '#words/index.ts';
import { chineseWords } from './chinese-words.ts';
import { englishWords } from './english-words.ts';

const signal = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sensorium-words-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('makes a dictionary of a frequency list that opens from its folder', async () => {
  // The second line of words is what was once decoded wrongly, the third is no Chinese.
  await writeFile(join(folder, 'dict.txt'), '形势 200 n\n形式 500 n\n鐨 5901 n\nOK 3 x\n');
  await writeFile(join(folder, chineseWords.output), await chineseWords.run(folder, signal));
  const dictionary = await openDictionary(folder);
  expect(dictionary.words).toBe(2);
  expect([...dictionary.sameSound(dictionary.find('形势'))].map(dictionary.text)).toEqual(['形式', '形势']);
});

it('makes groups of English words that open from their folder', async () => {
  await writeFile(join(folder, 'us_gold.json'), JSON.stringify({ know: 'nˈO', no: 'nˈO', yes: 'jˈɛs' }));
  await writeFile(join(folder, 'frequencies.txt'), 'no 900\nknow 300\nyes 50\n');
  await writeFile(join(folder, englishWords.output), await englishWords.run(folder, signal));
  const sounds = await openEnglishSounds(folder);
  expect([...sounds.keys()]).toEqual(['no', 'know']);
  expect(sounds.get('know')).toEqual([
    ['no', 900],
    ['know', 300],
  ]);
});

it('says what to do where the file is not there', async () => {
  const empty = join(folder, 'nothing');
  const hint = expect.stringContaining('sensorium models pull');
  await expect(openDictionary(empty)).rejects.toMatchObject({ code: 'models.file-unusable', hint });
  await expect(openEnglishSounds(empty)).rejects.toMatchObject({ code: 'models.file-unusable', hint });
});
