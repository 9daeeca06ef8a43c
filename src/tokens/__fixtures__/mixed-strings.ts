import { readFileSync } from 'node:fs';

/** The three levels of the standard table. */
export const LEVELS: readonly string[] = JSON.parse(readFileSync(new URL('../../words/standard-characters.json', import.meta.url), 'utf8'));

/** Strings of all that may stand in a text, the same each time: rare characters, emoji, spaces of all kinds, code, accents, other scripts. */
export function mixedStrings(count: number): string[] {
  let seed = 1;
  const chance = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const one = <Kind>(list: readonly Kind[]): Kind => list[Math.floor(chance() * list.length)] as Kind;
  const from = (start: number, end: number) => () => String.fromCodePoint(start + Math.floor(chance() * (end - start + 1)));
  const of = (list: readonly string[]) => () => one(list);
  const ranges = [
    ...[[0x3400, 0x4dbf], [0x20000, 0x2a6df], [0xf900, 0xfa6d], [0x30, 0x39], [0x61, 0x7a], [0x41, 0x5a], [0x20, 0x7e]],
    ...[[0xa1, 0x24f], [0x300, 0x36f], [0x370, 0x52f], [0x600, 0x6ff], [0x900, 0x97f], [0xe00, 0xe5b], [0x3040, 0x30ff]],
    ...[[0xac00, 0xd7a3], [0xff01, 0xff5e], [0x2000, 0x206f], [0x3000, 0x303f]],
  ].map(([start = 0, end = 0]) => from(start, end));
  const kinds = [
    ...LEVELS.map((level) => of([...level])),
    ...ranges,
    of(['😀', '👍🏽', '👩‍👩‍👧', '🇨🇳', '✈️']),
    () => ' '.repeat(1 + Math.floor(chance() * 4)),
    of(['\n', '\r\n', '\t', '\u3000', '\u00a0', '\n\n ', '\u2028', '\u200b', '\ufeff', '\u0085']),
    () => String(Math.floor(chance() * 1e7)),
    of(['for (const x of y) {\n    return x;\n}', 'const a = b?.c ?? "d";', '<div class="x">', '#include <stdio.h>', 'def f(x):\n\treturn x**2', '{"a":[1,2]}']),
    of(["don't", "I'm", "WE'LL", "it's", "y'all've", "I'D"]),
    of([' the', ' of', ' and', ' 2024', ' 你好', '，', '。', '！', '——', '……', '<|im_start|>']),
  ];
  return Array.from({ length: count }, () => {
    let kind = one(kinds);
    let text = '';
    for (let left = 1 + Math.floor(chance() * 24); left > 0; left--) {
      if (chance() < 0.5) kind = one(kinds);
      text += kind();
    }
    return text;
  });
}
