import { pinyin, polyphonic } from 'pinyin-pro';
import { levelOf } from './characters.ts';
import { type Dictionary, dictionaryOf } from './dictionary.ts';
import { packDictionary, readTables, type WordList } from './dictionary-file.ts';
import { simplifiedCharacters } from './simplified.ts';

/** Characters that, as a word by themselves, are nearly always the particle, which a list of readings does not put first. */
const AS_A_WORD: Readonly<Record<string, string>> = { 了: 'le0', 地: 'de0', 得: 'de0' };

const CHINESE = /^[\u3400-\u4dbf\u4e00-\u9fff\u3007]+$/;

/**
 * Words of a frequency list (`word count tag` a line, as jieba writes them) with their pronunciation, and every reading of
 * the characters in them. Words with anything but Chinese characters of the basic plane are left out, and those
 * with one that is not standard: jieba's list has some 5,700, most of them text that was once decoded wrongly.
 */
export async function readCounts(list: string): Promise<WordList> {
  const simplified = await simplifiedCharacters();
  const counts = new Map<string, number>();
  for (const line of list.split(/\r?\n/)) {
    const [word = '', count = ''] = line.split(' ');
    if (!CHINESE.test(word) || !/^\d+$/.test(count)) continue;
    if ([...word].every((character) => levelOf(character) !== null)) counts.set(word, Number(count));
  }
  const entries = [...counts].map(([word, count]) => ({ word, count, sound: soundOf(word) }));
  const characters = new Set([...counts.keys()].flatMap((word) => [...word]));
  const readings = [...characters].flatMap((character) =>
    readingsOf(character).map((syllable) => ({ character, syllable })),
  );
  return { entries, readings, simplified };
}

/** A dictionary made in memory from a frequency list; for large ones use the prepared file. */
export async function dictionaryFrom(list: string): Promise<Dictionary> {
  return dictionaryOf(readTables(packDictionary(await readCounts(list)), 'The dictionary'));
}

function soundOf(word: string): string[] {
  const particle = AS_A_WORD[word];
  if (particle !== undefined) return [particle];
  return pinyin(word, { toneType: 'num', type: 'array', toneSandhi: false });
}

function readingsOf(character: string): string[] {
  return polyphonic(character, { toneType: 'num', type: 'array' })[0] ?? [];
}
