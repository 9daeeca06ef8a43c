import type { FoundItem } from '#contract/retrieval.ts';
import type { Attribute } from '#contract/vector-store.ts';
import type { Batch, ShelfFile, ShelvedFile, StoreView } from '#pipeline/index.ts';
import { countsOf } from '#pipeline/index.ts';

const seconds = (ms: number) => Math.floor(ms / 1_000);

/** A file as OpenAI’s API has it. */
export function fileObject({ id, sizeBytes, createdMs, filename, purpose, expiresMs, kind, kept }: ShelfFile): object {
  return {
    ...{ id, object: 'file', bytes: sizeBytes, created_at: seconds(createdMs), filename, purpose, status: 'processed' },
    ...(expiresMs === null ? {} : { expires_at: seconds(expiresMs) }),
    sensorium: { kind, kept },
  };
}

/** A vector store as OpenAI’s API has it. */
export function storeObject(store: StoreView): object {
  const { id, createdMs, name, usageBytes, status, expiresAfterDays, expiresMs, lastActiveMs, metadata } = store;
  return {
    ...{ id, object: 'vector_store', created_at: seconds(createdMs), name, description: store.description },
    ...{ usage_bytes: usageBytes, file_counts: counted(store.counts), status },
    expires_after: expiresAfterDays === null ? null : { anchor: 'last_active_at', days: expiresAfterDays },
    expires_at: expiresMs === null ? null : seconds(expiresMs),
    ...{ last_active_at: seconds(lastActiveMs), metadata },
  };
}

/** A file of a vector store as OpenAI’s API has it, with what was lost on the way in. */
export function shelvedObject(shelved: ShelvedFile, chunking: { maxTokens: number; overlap: number }): object {
  const { id, createdMs, usageBytes, store, status, lastError, attributes, losses, spaces } = shelved;
  return {
    ...{ id, object: 'vector_store.file', created_at: seconds(createdMs), usage_bytes: usageBytes },
    ...{ vector_store_id: store, status, last_error: lastError, attributes },
    chunking_strategy: {
      type: 'static',
      static: { max_chunk_size_tokens: chunking.maxTokens, chunk_overlap_tokens: chunking.overlap },
    },
    sensorium: { losses, spaces },
  };
}

/** A batch of files as OpenAI’s API has it. */
export function batchObject({ id, createdMs, store }: Batch, files: readonly ShelvedFile[]): object {
  const counts = countsOf(files);
  const status = counts.in_progress > 0 ? 'in_progress' : counts.cancelled > 0 ? 'cancelled' : 'completed';
  return {
    ...{ id, object: 'vector_store.files_batch', created_at: seconds(createdMs), vector_store_id: store, status },
    file_counts: counted(counts),
  };
}

/**
 * Something found as OpenAI’s API has it. `score` is the similarity in the space where it stands best, at least 0: the order of results is
 * that of the ranks in all spaces and need not be that of their scores.
 */
export function resultObject(item: FoundItem): object {
  const { file, filename, attributes, text, modality, fromMs, toMs, page, fusion, places, why } = item;
  const best = [...places].sort((a, b) => a.rank - b.rank)[0];
  return {
    ...{ file_id: file, filename, attributes: attributes as Record<string, Attribute> },
    score: Math.min(1, Math.max(0, best?.similarity ?? 0)),
    content: text === '' ? [] : [{ type: 'text', text }],
    sensorium: { modality, from_ms: fromMs, to_ms: toMs, page, fusion, places, why },
  };
}

function counted(counts: StoreView['counts']): object {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { ...counts, total };
}
