import type { VectorStore } from '#contract/vector-store.ts';
import type { LancedbOptions } from './engines/lancedb/store.ts';
import type { MilvusOptions } from './engines/milvus/store.ts';
import type { PgvectorOptions } from './engines/pgvector/store.ts';
import type { QdrantOptions } from './engines/qdrant/store.ts';
import type { SqliteOptions } from './engines/sqlite/store.ts';
import { type LiveRecallOptions, withLiveRecall } from './live-recall.ts';

/** Where vectors are kept: a folder on this machine, or a server at an address. */
export type VectorStoreOptions = StorePlace & {
  /** Live recall: 1 % of the queries that an index answered where nothing is said. */
  readonly recall?: LiveRecallOptions | undefined;
};

type StorePlace =
  | ({ readonly kind: 'lancedb' } & LancedbOptions)
  | ({ readonly kind: 'sqlite' } & SqliteOptions)
  | ({ readonly kind: 'qdrant' } & QdrantOptions)
  | ({ readonly kind: 'pgvector' } & PgvectorOptions)
  | ({ readonly kind: 'milvus' } & MilvusOptions);

const SHARE = 0.01;

/** Opens a store of vectors. Throws `runtime.package-missing`, `store.unusable`, `store.unreachable`. */
export async function openVectorStore(options: VectorStoreOptions): Promise<VectorStore> {
  return withLiveRecall(await opened(options), options.recall ?? { share: SHARE });
}

/** One entry each, its code read when it is chosen. */
async function opened(options: VectorStoreOptions): Promise<VectorStore> {
  switch (options.kind) {
    case 'lancedb':
      return (await import('./engines/lancedb/store.ts')).openLancedb(options);
    case 'sqlite':
      return (await import('./engines/sqlite/store.ts')).openSqliteStore(options);
    case 'qdrant':
      return (await import('./engines/qdrant/store.ts')).openQdrant(options);
    case 'pgvector':
      return (await import('./engines/pgvector/store.ts')).openPgvector(options);
    case 'milvus':
      return (await import('./engines/milvus/store.ts')).openMilvus(options);
  }
}
