import type { Found, LiveRecall, VectorQuery, VectorStore } from '#contract/vector-store.ts';

/** A mean over the last so many samples or a little more: an index that gets worse is seen, and one odd query is not. */
const WINDOW = 1_000;

export interface LiveRecallOptions {
  /** The share of the queries answered by an index that are also answered exactly, 0 to 1. */
  readonly share: number;
  /** From 0 to 1, for tests. */
  readonly random?: () => number;
}

/**
 * The same store; some of the queries that an index answered are asked again exactly, behind the caller's back and one at a time,
 * and `stats` says what share of the true nearest the index had found. A sample that fails, or that comes while another is taken, is none.
 */
export function withLiveRecall(store: VectorStore, { share, random = Math.random }: LiveRecallOptions): VectorStore {
  const sums = new Map<string, { sum: number; samples: number }>();
  const over = new AbortController();
  let sampling: Promise<void> | undefined;

  async function sample(space: string, query: VectorQuery, found: Found): Promise<void> {
    const truth = await store.search(space, { ...query, exact: true }, over.signal);
    if (truth.hits.length === 0) return;
    const before = sums.get(space) ?? { sum: 0, samples: 0 };
    const kept = before.samples < WINDOW ? 1 : 1 - 1 / WINDOW;
    sums.set(space, { sum: before.sum * kept + recallOf(found, truth), samples: before.samples + 1 });
  }

  function recall(space: string): LiveRecall | null {
    const so = sums.get(space);
    return so ? { value: so.sum / Math.min(so.samples, WINDOW), samples: so.samples } : null;
  }

  return {
    ...store,
    async search(space, query, signal) {
      const found = await store.search(space, query, signal);
      if (found.way === 'index' && !sampling && random() < share) {
        const asked = { ...query, vector: query.vector.slice() };
        sampling = sample(space, asked, found)
          .catch(() => {})
          .finally(() => {
            sampling = undefined;
          });
      }
      return found;
    },
    stats: async (space, signal) => ({ ...(await store.stats(space, signal)), recall: recall(space) }),
    async close() {
      over.abort();
      await sampling;
      await store.close();
    },
  };
}

/** The share of what is true that was found. What is as near as the last of the true ones counts as well: which of equals comes first means nothing. */
function recallOf(found: Found, truth: Found): number {
  const least = truth.hits.at(-1)?.similarity ?? 1;
  const good = found.hits.filter(({ similarity }) => similarity >= least).length;
  return Math.min(1, good / truth.hits.length);
}
