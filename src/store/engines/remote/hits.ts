import type { Hit, StoredItem } from '#contract/vector-store.ts';

/** So many more are asked for than wanted, so that equal ones at the end can be put in order. */
export const SPARE_HITS = 16;

/** The best first, equal ones by id, at most `limit`. */
export function inOrder(hits: readonly Hit[], limit: number): readonly Hit[] {
  return [...hits]
    .sort((a, b) => b.similarity - a.similarity || (a.item.id < b.item.id ? -1 : a.item.id > b.item.id ? 1 : 0))
    .slice(0, limit);
}

/** One of each id, the last that came, as a store takes them. */
export function withoutRepeats<T extends { readonly item: StoredItem }>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((one) => [one.item.id, one])).values()];
}

/** An item as it is kept whole: JSON, in which any text can be carried. */
export function toText(item: StoredItem): string {
  return JSON.stringify(item);
}

/** The item that `toText` wrote. */
export function fromText(text: string): StoredItem {
  return JSON.parse(text);
}

/** A cosine as an engine computes it, which may lie a little beyond its ends. */
export function asCosine(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
