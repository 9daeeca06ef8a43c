/** Characters of Wingdings that stand in forms and lists, by their code; Word adds 0xF000 to them. */
const WINGDINGS: Readonly<Record<number, string>> = {
  108: '●',
  110: '■',
  111: '□',
  113: '❑',
  117: '◆',
  168: '◻',
  216: '➢',
  224: '→',
  251: '✗',
  252: '✓',
  253: '☒',
  254: '☑',
};

/** A character of a symbol font (`w:sym`) in Unicode; `null` where the font has no known equivalent. */
export function symbolText(font: string, code: string): string | null {
  const value = Number.parseInt(code, 16);
  if (!Number.isSafeInteger(value)) return null;
  if (/^wingdings$/i.test(font)) return WINGDINGS[value & 0xff] ?? null;
  if (value >= 0xe000 && value <= 0xf8ff) return null;
  return value > 0x1f && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff) ? String.fromCodePoint(value) : null;
}
