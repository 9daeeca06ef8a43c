import type { VectorStore } from '#contract/vector-store.ts';
import { type LancedbOptions, openLancedb } from './engines/lancedb/store.ts';
import { type MilvusOptions, openMilvus } from './engines/milvus/store.ts';
import { openPgvector, type PgvectorOptions } from './engines/pgvector/store.ts';
import { openQdrant, type QdrantOptions } from './engines/qdrant/store.ts';
import { openSqliteStore, type SqliteOptions } from './engines/sqlite/store.ts';
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

async function opened(options: VectorStoreOptions): Promise<VectorStore> {
  switch (options.kind) {
    case 'lancedb':
      return openLancedb(options);
    case 'sqlite':
      return openSqliteStore(options);
    case 'qdrant':
      return openQdrant(options);
    case 'pgvector':
      return openPgvector(options);
    case 'milvus':
      return openMilvus(options);
  }
}
