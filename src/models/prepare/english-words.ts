import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Preparation } from './preparation.ts';

/** The English words that other words sound like, of a lexicon and a frequency list: some 900 short lines of 4 MB. */
export const englishWords: Preparation = {
  id: 'english-words',
  version: 1,
  inputs: ['us_gold.json', 'frequencies.txt'],
  output: 'sounds.txt',
  async run(folder) {
    const { soundGroups, writeGroups } = await import('#words/index.ts');
    const lexicon = JSON.parse(await readFile(join(folder, 'us_gold.json'), 'utf8'));
    const groups = soundGroups(lexicon, await readFile(join(folder, 'frequencies.txt'), 'utf8'));
    return new TextEncoder().encode(writeGroups(groups));
  },
};
