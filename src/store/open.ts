import type { VectorStore } from '#contract/vector-store.ts';
import { openLancedb } from './engines/lancedb/store.ts';
import { type LiveRecallOptions, withLiveRecall } from './live-recall.ts';

/** Where vectors are kept: a folder on this machine, or a server at an address. */
export type VectorStoreOptions = {
  /** Live recall: 1 % of the queries that an index answered where nothing is said. */
  readonly recall?: LiveRecallOptions | undefined;
} & {
  readonly kind: 'lancedb';
  readonly folder: string;
  /** Commits after which files and indexes are brought up to date by themselves; 0 for never. */
  readonly everyCommits?: number | undefined;
  /** Memory of the process that does it, 2 GiB where nothing is said. */
  readonly maxRssBytes?: number | undefined;
};

const SHARE = 0.01;

/** Opens a store of vectors. Throws `runtime.package-missing`, `store.unusable`, `store.unreachable`. */
export async function openVectorStore(options: VectorStoreOptions): Promise<VectorStore> {
  return withLiveRecall(await opened(options), options.recall ?? { share: SHARE });
}

async function opened(options: VectorStoreOptions): Promise<VectorStore> {
  switch (options.kind) {
    case 'lancedb':
      return openLancedb(options);
  }
}
