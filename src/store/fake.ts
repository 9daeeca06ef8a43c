import type { Space, StoredItem, VectorStore } from '#contract/vector-store.ts';
import { counts } from './filter.ts';
import { guarded, spaceMismatch } from './guarded.ts';
import { sameSpace } from './space.ts';

interface Kept {
  readonly item: StoredItem;
  readonly vector: Float32Array;
}

/** Where fakes that are opened as one store keep their items. */
export type FakeDisk = Map<string, { readonly space: Space; readonly items: Map<string, Kept> }>;

/** The smallest correct vector store: everything in memory, every item compared. */
export function fakeVectorStore(disk: FakeDisk = new Map()): VectorStore {
  const inSpace = (id: string) => disk.get(id)?.items ?? new Map<string, Kept>();
  return guarded({
    id: 'fake',
    async open(space) {
      const there = disk.get(space.id);
      if (there && !sameSpace(there.space, space)) throw spaceMismatch(there.space, space);
      if (!there) disk.set(space.id, { space, items: new Map() });
    },
    spaces: async () => [...disk.values()].map(({ space }) => space),
    async put(space, items) {
      for (const { item, vector } of items)
        inSpace(space).set(item.id, { item: structuredClone(item), vector: vector.slice() });
    },
    async remove(space, which) {
      const gone = [...inSpace(space).values()].filter(({ item }) => counts(item, which));
      for (const { item } of gone) inSpace(space).delete(item.id);
      return gone.length;
    },
    async search(space, { vector, limit, which }) {
      const hits = [...inSpace(space).values()]
        .filter(({ item }) => counts(item, which))
        .map((kept) => ({ item: kept.item, similarity: cosine(kept.vector, vector) }))
        .sort((a, b) => b.similarity - a.similarity);
      return { hits: hits.slice(0, limit), way: 'scan' };
    },
    count: async (space, which) => [...inSpace(space).values()].filter(({ item }) => counts(item, which)).length,
    stats: async (space) => ({ items: inSpace(space).size, unindexed: null, fragments: null, sizeBytes: null }),
    optimize: async () => {},
    close: async () => {},
  });
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
