import { type Loss, lossOf } from '#contract/loss.ts';
import type { SearchAlong, SearchWish, ShelveWish } from '#pipeline/index.ts';
import type { JsonBody } from '../intake/json-body.ts';
import type { ChatRequest } from '../schemas/chat.ts';
import type { ChunkingStrategy, VectorStoreFileRequest, VectorStoreSearchRequest } from '../schemas/vector-stores.ts';
import { badField } from '../wire/bad-request.ts';

type AddBody = Pick<VectorStoreFileRequest, 'attributes' | 'chunking_strategy' | 'sensorium'>;

/** How a file is to be put into a store, in the pipeline’s words. */
export function shelveWishOf({ attributes, chunking_strategy: strategy, sensorium }: AddBody): ShelveWish {
  return {
    ...(attributes ? { attributes } : {}),
    chunking: chunkingOf(strategy),
    language: sensorium?.language,
    textOnly: sensorium?.only === 'text',
  };
}

function chunkingOf(strategy: ChunkingStrategy): ShelveWish['chunking'] {
  if (strategy?.type !== 'static') return undefined;
  const { max_chunk_size_tokens: maxTokens, chunk_overlap_tokens: overlap } = strategy.static;
  if (overlap * 2 > maxTokens) {
    throw badField('chunking_strategy.static.chunk_overlap_tokens', 'must be at most half of max_chunk_size_tokens');
  }
  return { maxTokens, overlap };
}

/** What is looked for, in the pipeline’s words. */
export function searchWishOf(
  wanted: VectorStoreSearchRequest,
  { mediumOf }: Pick<JsonBody, 'mediumOf'>,
  tenant: string,
  store: string,
): SearchWish {
  const { query, filters, max_num_results: limit, ranking_options: ranking, sensorium } = wanted;
  const given = sensorium?.media;
  const medium = given === undefined ? undefined : (mediumOf(given) ?? ({ kind: 'url', url: given } as const));
  const queries = query === undefined ? [] : [query].flat();
  return {
    ...{ tenant, stores: [store], queries, limit, medium },
    filter: filters ?? undefined,
    threshold: ranking?.score_threshold,
    modality: sensorium?.modality,
    quotas: sensorium?.quotas,
  };
}

/** What of a search this server does not do, said and not passed over. */
export function lossesOf({ rewrite_query: rewrite }: VectorStoreSearchRequest): Loss[] {
  if (!rewrite) return [];
  const message = 'Queries are looked for as they are: this server rewrites none.';
  return [lossOf({ kind: 'option-ignored', stage: 'embed', text: 'rewrite_query', message })];
}

/** In which stores a chat request wants to be looked first. */
export function searchAlongOf({ tools, tool_choice: choice }: ChatRequest, tenant: string): SearchAlong | undefined {
  const wanted = choice === 'none' ? [] : (tools ?? []).filter((tool) => tool.type === 'file_search');
  const [first, ...more] = wanted;
  if (!first) return undefined;
  if (more.length > 0) throw badField('tools', 'may hold one file_search: it takes several vector_store_ids');
  return {
    ...{ tenant, stores: first.vector_store_ids, limit: first.max_num_results },
    filter: first.filters ?? undefined,
    threshold: first.ranking_options?.score_threshold,
  };
}
