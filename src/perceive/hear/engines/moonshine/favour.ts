import type { PromptWords, WordNode } from './prompt.ts';

/** Where the text stands: in a word of the prompt (`null`: in none), with so much of the word's bonus spent. */
export interface Place {
  readonly node: WordNode | null;
  readonly spent: number;
  /** Whether a word may begin here without a space before it. */
  readonly open: boolean;
}

/** The beginning of a text. */
export const BEGINNING: Place = { node: null, spent: 0, open: false };

/**
 * The token to write when words of the prompt are favoured: `own`, the model's choice, unless a token that begins such a
 * word or goes on with it lies behind by less than what is left of the word's bonus. `banned` tokens are not favoured.
 */
export function favoured(
  logits: Float32Array,
  own: number,
  place: Place,
  words: PromptWords,
  banned: ReadonlySet<number>,
): number {
  const ways = waysOn(place, words);
  const score = (id: number) => (logits[id] ?? Number.NEGATIVE_INFINITY) + words.bonus - (ways.get(id)?.spent ?? 0);
  let best = own;
  let bestScore = ways.has(own) ? score(own) : (logits[own] ?? 0);
  for (const id of ways.keys()) {
    if (banned.has(id) || score(id) <= bestScore) continue;
    best = id;
    bestScore = score(id);
  }
  return best;
}

/** How a token left the text: in the middle of a word of the prompt, before the end of one, or neither. */
export type Step = 'goes-on' | 'breaks-off' | 'stands-free';

/** The place after a token that spells `text` and lay `behind` the model's own choice by so many nats. */
export function placeAfter(
  place: Place,
  token: { readonly id: number; readonly text: string; readonly behind: number },
  words: PromptWords,
): { readonly place: Place; readonly step: Step } {
  const way = waysOn(place, words).get(token.id);
  const goesOn = place.node?.next.has(token.id) ?? false;
  const isWhole = place.node === null || (place.node.ends && !/^[\p{L}\p{M}\p{N}]/u.test(token.text));
  return {
    place: {
      node: way?.node ?? null,
      spent: way ? way.spent + token.behind : 0,
      open: /[^\p{L}\p{M}\p{N}\s]$/u.test(token.text),
    },
    step: goesOn ? 'goes-on' : isWhole ? 'stands-free' : 'breaks-off',
  };
}

// A word that goes on has spent some of its bonus, one that begins has all of it.
function waysOn({ node, spent, open }: Place, words: PromptWords): Map<number, { node: WordNode; spent: number }> {
  const ways = new Map<number, { node: WordNode; spent: number }>();
  for (const [id, next] of open ? words.inside.next : []) ways.set(id, { node: next, spent: 0 });
  for (const [id, next] of words.afterSpace.next) ways.set(id, { node: next, spent: 0 });
  for (const [id, next] of node?.next ?? []) ways.set(id, { node: next, spent });
  return ways;
}
