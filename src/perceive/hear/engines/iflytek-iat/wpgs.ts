import { type Json, objectsIn } from '#upstream/iflytek.ts';
import type { Dictated } from './grammar.ts';

/**
 * Puts the results of a dictation together. Each has a number (`sn`) and words (`ws`), and adds a piece (`pgs` is `apd`) or
 * replaces all those in a range of numbers (`rpl`, `rg` from first to last), itself standing at its own. Without dynamic correction (`dwa`) pieces only add up.
 */
export function dictated(): Dictated {
  const pieces = new Map<number, string>();
  return {
    take(result) {
      const sn = Number(result.sn);
      if (!Number.isSafeInteger(sn)) return;
      const [from, to] = Array.isArray(result.rg) ? result.rg.map(Number) : [];
      if (result.pgs === 'rpl' && from !== undefined && to !== undefined) {
        for (const known of [...pieces.keys()]) if (known >= from && known <= to) pieces.delete(known);
      }
      pieces.set(sn, wordsIn(result));
    },
    get text() {
      return [...pieces]
        .sort(([one], [other]) => one - other)
        .map(([, piece]) => piece)
        .join('');
    },
  };
}

/** The likeliest reading of each word; further entries of `cw` are what it might have been instead. */
export function wordsIn({ ws }: Json): string {
  return objectsIn(ws)
    .map(({ cw }) => objectsIn(cw)[0]?.w)
    .map((word) => (typeof word === 'string' ? word : ''))
    .join('');
}
