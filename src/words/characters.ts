import { readFileSync } from 'node:fs';

/** Level in the Table of General Standard Chinese Characters: 1 of the 3,500 most common, 2 of 3,000 more, 3 of 1,605 for names and terms. */
export type Level = 1 | 2 | 3;

let levels: ReadonlyMap<string, Level> | undefined;
let elsewhere: ReadonlySet<string> | undefined;

/**
 * The level of a character in 《通用规范汉字表》 (State Council of China, 2013; 8,105 characters); `null` where it is not in it. Traditional
 * and Japanese forms are not: see `isCommonHan`.
 */
export function levelOf(character: string): Level | null {
  levels ??= readLevels();
  return levels.get(character) ?? null;
}

/** Whether a code point is a Chinese character. */
export function isHan(character: string): boolean {
  return HAN.test(character);
}

/**
 * Whether a Chinese character is in common use somewhere: in levels 1 and 2 of the mainland's table, among the 5,401 frequent ones
 * of Taiwan (first plane of Big5) or the 2,965 of Japan (level 1 of JIS X 0208).
 */
export function isCommonHan(character: string): boolean {
  const level = levelOf(character);
  if (level === 1 || level === 2) return true;
  elsewhere ??= new Set([...inRows('big5', 0xa4, 0xc6), ...inRows('euc-jp', 0xb0, 0xcf)]);
  return elsewhere.has(character);
}

const HAN = /^\p{Script=Han}$/u;

function readLevels(): Map<string, Level> {
  const texts: string[] = JSON.parse(readFileSync(new URL('standard-characters.json', import.meta.url), 'utf8'));
  return new Map(texts.flatMap((text, at) => [...text].map((character) => [character, (at + 1) as Level] as const)));
}

/** What a two-byte encoding has in the rows from one first byte to another: the runtime knows these standards. */
function inRows(encoding: string, from: number, to: number): string[] {
  const decoder = new TextDecoder(encoding);
  const found: string[] = [];
  for (let row = from; row <= to; row++) {
    for (let cell = 0x40; cell <= 0xfe; cell++) {
      const character = decoder.decode(Uint8Array.of(row, cell));
      if (isHan(character)) found.push(character);
    }
  }
  return found;
}
