import type { StoredItem } from '#contract/vector-store.ts';

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
