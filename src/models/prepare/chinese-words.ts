import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Preparation } from './preparation.ts';

/** The frequency list as sorted columns with each word's pronunciation, which open in milliseconds. */
export const chineseWords: Preparation = {
  id: 'chinese-words',
  version: 3,
  inputs: ['dict.txt'],
  output: 'words.bin',
  async run(folder) {
    const { packDictionary, readCounts } = await import('#words/index.ts');
    return packDictionary(await readCounts(await readFile(join(folder, 'dict.txt'), 'utf8')));
  },
};
