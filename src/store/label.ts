import type { Attribute } from '#contract/vector-store.ts';

/** An attribute with its value as one word, by which engines find equals; JSON keeps 1, "1" and true apart. */
export function labelOf(key: string, value: Attribute): string {
  // 0 and -0 are equal.
  return JSON.stringify([key, value === 0 ? 0 : value]);
}
