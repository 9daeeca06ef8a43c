import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeardWord } from './ambiguity.ts';
import { unusable } from './dictionary-file.ts';
import type { SoundGroup } from './english-sounds.ts';

/** English words that sound like others, by word; all others are unambiguous to the ear, or not known. */
export type EnglishSounds = ReadonlyMap<string, SoundGroup>;

/** The file in a model's folder that holds the groups, one a line: `their 782849411 there 701170205`. */
const ENGLISH_SOUNDS_FILE = 'sounds.txt';

/** Opens the groups in a folder of the model store. Throws `models.file-unusable`. */
export async function openEnglishSounds(folder: string): Promise<EnglishSounds> {
  const path = join(folder, ENGLISH_SOUNDS_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusable(path, 'english-words', cause);
  });
  return englishSounds(readGroups(text));
}

/** The groups as the lines of their file. */
export function writeGroups(groups: readonly SoundGroup[]): string {
  return groups.map((group) => `${group.flat().join(' ')}\n`).join('');
}

function readGroups(text: string): SoundGroup[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const fields = line.split(' ');
    return Array.from({ length: fields.length >> 1 }, (_, at) => [fields[at * 2] ?? '', Number(fields[at * 2 + 1])]);
  });
}

/** The groups by their words. */
export function englishSounds(groups: readonly SoundGroup[]): EnglishSounds {
  return new Map(groups.flatMap((group) => group.map(([word]) => [word, group] as const)));
}

const WORD = /[A-Za-z]+(?:['’][A-Za-z]+)*/g;

/** The words of an English text that other words sound like, with how ambiguous each is to the ear. Places are code points. */
export function heardEnglish(text: string, sounds: EnglishSounds): HeardWord[] {
  const words: HeardWord[] = [];
  let [unit, point] = [0, 0];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    for (; unit < index; unit += 1) if ((text.charCodeAt(unit) & 0xfc00) !== 0xdc00) point += 1;
    const group = sounds.get(word.toLowerCase());
    if (!group) continue;
    const place = { start: point, end: point + word.length, text: word, sound: group.map(([one]) => one).join('/') };
    words.push({ ...place, ...ambiguityIn(group, word.toLowerCase()) });
  }
  return words;
}

function ambiguityIn(group: SoundGroup, word: string): Pick<HeardWord, 'bits' | 'others'> {
  const all = group.reduce((sum, [, count]) => sum + count, 0);
  const own = group.find(([one]) => one === word)?.[1] ?? all;
  const others = group.filter(([one]) => one !== word).map(([text, count]) => ({ text, share: count / all }));
  return { bits: Math.log2(all / own), others: others.sort((a, b) => b.share - a.share) };
}
