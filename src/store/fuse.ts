import type { MediaKind } from '#contract/media.ts';
import type { Hit, StoredItem } from '#contract/vector-store.ts';

/** What one space found, best first. */
export interface Ranking {
  readonly space: string;
  readonly hits: readonly Hit[];
}

/** Something found in one space or several. `fusion` orders; `similarity` means something within its own space alone. */
export interface Fused {
  readonly item: StoredItem;
  readonly fusion: number;
  readonly places: readonly { readonly space: string; readonly rank: number; readonly similarity: number }[];
}

export interface FuseOptions {
  readonly limit: number;
  /** What counts as the same thing in two spaces. */
  readonly keyOf: (item: StoredItem) => string;
  /** The most seats one modality may have as long as others would take them. No limit for one that is not listed. */
  readonly quotas?: Readonly<Partial<Record<MediaKind, number>>> | undefined;
}

/**
 * The constant of reciprocal rank fusion: how much the first ranks count more than later ones. 60 is that of Cormack, Clarke and
 * Büttcher, SIGIR 2009.
 */
const RANK_CONSTANT = 60;

/**
 * Makes one list of several rankings: each thing counts 1 / (60 + its rank), summed over the rankings that have it. Similarities of
 * different spaces are never compared. Equal ones are in the order of their keys. What goes beyond a modality's quota waits, and fills
 * seats nobody else takes.
 */
export function fuseRankings(rankings: readonly Ranking[], { limit, keyOf, quotas = {} }: FuseOptions): Fused[] {
  const found = new Map<string, { item: StoredItem; fusion: number; places: Fused['places'][number][] }>();
  for (const { space, hits } of rankings) {
    const seen = new Set<string>();
    for (const { item, similarity } of hits) {
      const key = keyOf(item);
      // Several pieces of one thing do not vote several times.
      if (seen.has(key)) continue;
      seen.add(key);
      const rank = seen.size;
      const one = found.get(key) ?? { item, fusion: 0, places: [] };
      one.fusion += 1 / (RANK_CONSTANT + rank);
      one.places.push({ space, rank, similarity });
      // Words tell more about a thing than its being there.
      if (one.item.surrogate === '' && item.surrogate !== '') one.item = item;
      found.set(key, one);
    }
  }
  const ordered = [...found]
    .sort(([a, { fusion }], [b, other]) => other.fusion - fusion || (a < b ? -1 : 1))
    .map(([, one]) => one);
  return seated(ordered, limit, quotas);
}

function seated(ordered: readonly Fused[], limit: number, quotas: NonNullable<FuseOptions['quotas']>): Fused[] {
  const taken = new Map<MediaKind, number>();
  const beyond = new Set<Fused>();
  let seats = 0;
  for (const one of ordered) {
    const { modality } = one.item;
    const used = taken.get(modality) ?? 0;
    if (seats === limit || used >= (quotas[modality] ?? Number.POSITIVE_INFINITY)) beyond.add(one);
    else {
      taken.set(modality, used + 1);
      seats++;
    }
  }
  const fillers = new Set([...beyond].slice(0, Math.max(0, limit - seats)));
  return ordered.filter((one) => !beyond.has(one) || fillers.has(one));
}
