import { levelOf } from './characters.ts';
import { loadSimplified } from './script.ts';

const BLOCKS: readonly (readonly [number, number])[] = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
];

/**
 * Simplified characters by their traditional ones, of the basic plane, by OpenCC: 發 and 髮 are both 发. A character that is
 * standard by itself stays, such as the 乾 of 乾坤.
 */
export async function simplifiedCharacters(): Promise<ReadonlyMap<string, string>> {
  const convert = await loadSimplified();
  const simplified = new Map<string, string>();
  for (const [first, last] of BLOCKS) {
    const characters = Array.from({ length: last - first + 1 }, (_, at) => String.fromCharCode(first + at));
    // Apart from each other, so that no two are taken for a word.
    const converted = convert(characters.join('\n')).split('\n');
    for (const [at, character] of characters.entries()) {
      const other = converted[at] ?? character;
      if (other !== character && other.length === 1 && levelOf(character) === null) simplified.set(character, other);
    }
  }
  return simplified;
}
