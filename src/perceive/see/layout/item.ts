import { median } from '#kit/median.ts';
/** Something on a page that has a place in the order of reading: a line (by its number), in a frame in which text runs to the right. */
export interface Item {
  readonly line: number;
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** A column of upright characters, read from top to bottom. */
  readonly vertical: boolean;
}

export const heightOf = (item: Item): number => item.bottom - item.top;
export const middleOf = (item: Item): number => (item.top + item.bottom) / 2;

/** How high a character is, roughly, in the lines of some items. */
export function characterHeight(items: readonly Item[]): number {
  return median(
    items.map((item) => (item.vertical ? item.right - item.left : heightOf(item))),
    0,
  );
}

/** How much room a text takes: 2 for each Chinese character, 1 for any other. */
export function unitsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (isWide(character) ? 2 : 1), 0);
}

/** Whether a character is as wide as high, as those of Chinese, Japanese and Korean are. */
export function isWide(character: string): boolean {
  return /[\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3ffff}]/u.test(
    character,
  );
}

/** Items that stand beside each other, as rows from top to bottom, each from left to right. */
export function rowsOf(items: readonly Item[]): Item[][] {
  const rows: Item[][] = [];
  for (const item of [...items].sort((a, b) => middleOf(a) - middleOf(b))) {
    const row = rows.at(-1);
    const beside = row?.every((other) => {
      const shared = Math.min(other.bottom, item.bottom) - Math.max(other.top, item.top);
      return shared > 0.5 * Math.min(heightOf(other), heightOf(item));
    });
    if (row && beside) row.push(item);
    else rows.push([item]);
  }
  for (const row of rows) row.sort((a, b) => a.left - b.left);
  return rows;
}
