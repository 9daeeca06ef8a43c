import { characterHeight, type Item, middleOf } from './item.ts';

/** White between columns is at least this wide, in heights of a character. */
const LEAST_WHITE = 0.7;
/** So much of what is on a page may cross the white between its columns: headings, footers. */
const MOST_CROSSING = 0.34;
const LEAST_LINES = 2;

/** A part of a page that is read before the next one begins. `items` stand in no order yet. */
export interface Block {
  readonly items: readonly Item[];
}

/**
 * Divides a page into blocks in reading order. Looks for the white between columns that the fewest items cross; what crosses it
 * divides the page into bands, and in each band the left column comes before the right one. Done again within each part.
 */
export function blocksOf(items: readonly Item[]): readonly Block[] {
  // Columns of upright characters have white between them wherever they stand.
  const isVertical = items.filter((item) => item.vertical).length * 2 > items.length;
  const cut = isVertical ? null : whiteIn(items);
  if (cut === null) return items.length === 0 ? [] : [{ items }];
  const crossing = items
    .filter((item) => item.left < cut && item.right > cut)
    .sort((a, b) => middleOf(a) - middleOf(b));
  const rest = items.filter((item) => !(item.left < cut && item.right > cut));
  const blocks: Block[] = [];
  let above = Number.NEGATIVE_INFINITY;
  for (const [at, wide] of [...crossing, null].entries()) {
    const below = wide === null ? Number.POSITIVE_INFINITY : middleOf(wide);
    const band = rest.filter((item) => between(item, above, below));
    blocks.push(
      ...blocksOf(band.filter((item) => item.right <= cut)),
      ...blocksOf(band.filter((item) => item.left >= cut)),
    );
    if (wide !== null) addCrossing(blocks, wide, at > 0 && band.length === 0);
    above = below;
  }
  return blocks;
}

// Lines that follow each other across both columns are one block.
function addCrossing(blocks: Block[], wide: Item, goesOn: boolean): void {
  const last = blocks.at(-1);
  if (goesOn && last) blocks[blocks.length - 1] = { items: [...last.items, wide] };
  else blocks.push({ items: [wide] });
}

function between(item: Item, above: number, below: number): boolean {
  return middleOf(item) > above && middleOf(item) <= below;
}

// Where a straight line down the page meets little: the middle of the white, or `null` where there are no columns.
function whiteIn(items: readonly Item[]): number | null {
  const least = LEAST_WHITE * characterHeight(items);
  let best: { at: number; crossing: number; width: number } | null = null;
  for (const { right: from } of items) {
    const crossing = items.filter((item) => item.left < from + 1 && item.right > from + 1);
    const left = items.filter((item) => item.right <= from + 1);
    const right = items.filter((item) => item.left >= from + 1);
    if (crossing.length > MOST_CROSSING * items.length || left.length < LEAST_LINES || right.length < LEAST_LINES)
      continue;
    const to = Math.min(...right.map((item) => item.left));
    const width = to - from;
    if (width < least || !standBeside(left, right)) continue;
    const isBetter =
      best === null || crossing.length < best.crossing || (crossing.length === best.crossing && width > best.width);
    if (isBetter) best = { at: from + width / 2, crossing: crossing.length, width };
  }
  return best?.at ?? null;
}

// Columns are beside each other for at least two lines of both.
function standBeside(left: readonly Item[], right: readonly Item[]): boolean {
  const beside = (some: readonly Item[], others: readonly Item[]) =>
    some.filter((item) => others.some((other) => Math.min(item.bottom, other.bottom) > Math.max(item.top, other.top)))
      .length;
  return beside(left, right) >= LEAST_LINES && beside(right, left) >= LEAST_LINES;
}
