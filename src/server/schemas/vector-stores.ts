import { z } from 'zod';
import { MediaKind } from '#contract/media.ts';
import type { AttributeFilter as Filter } from '#contract/vector-store.ts';

const Value = z.union([z.string().max(512), z.number(), z.boolean()]);
const Key = z.string().min(1).max(64);

/** What may be said of a file, to filter by: at most 16, as in OpenAI’s API. */
const Attributes = z
  .record(Key, Value)
  .refine((given) => Object.keys(given).length <= 16, { error: 'at most 16 attributes are allowed' })
  .nullish();

/** OpenAI’s comparison and compound filters. */
export const AttributeFilter: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.object({ type: z.enum(['eq', 'ne', 'gt', 'gte', 'lt', 'lte']), key: Key, value: Value }),
    z.object({
      type: z.enum(['in', 'nin']),
      key: Key,
      value: z.array(z.union([z.string().max(512), z.number()])).max(256),
    }),
    z.object({ type: z.enum(['and', 'or']), filters: z.array(AttributeFilter).max(64) }),
  ]),
);

const ChunkingStrategy = z
  .union([
    z.object({ type: z.literal('auto') }),
    z.object({
      type: z.literal('static'),
      static: z.object({
        max_chunk_size_tokens: z.number().int().min(16).max(4096),
        chunk_overlap_tokens: z.number().int().min(0).max(2048),
      }),
    }),
  ])
  .nullish();
export type ChunkingStrategy = z.infer<typeof ChunkingStrategy>;

const ExpiresAfter = z.object({ anchor: z.literal('last_active_at'), days: z.number().int().min(1).max(365) });
const Metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((given) => Object.keys(given).length <= 16, { error: 'at most 16 pairs are allowed' })
  .nullish();

/** What can be said of how a file is added, beyond OpenAI’s API. */
const AddOptions = z
  .strictObject({
    language: z.string().max(35).optional().describe('Language spoken in it (BCP 47)'),
    only: z.literal('text').optional().describe('Only its words get a place, nothing of the medium itself'),
  })
  .optional();

export const VectorStoreCreateRequest = z.looseObject({
  name: z.string().max(256).nullish(),
  description: z.string().max(2048).nullish(),
  file_ids: z.array(z.string()).max(500).nullish(),
  expires_after: ExpiresAfter.nullish(),
  chunking_strategy: ChunkingStrategy,
  metadata: Metadata,
});

export const VectorStoreUpdateRequest = z.looseObject({
  name: z.string().max(256).nullish(),
  expires_after: ExpiresAfter.nullish(),
  metadata: Metadata,
});

export const VectorStoreFileRequest = z.looseObject({
  file_id: z.string().max(100),
  attributes: Attributes,
  chunking_strategy: ChunkingStrategy,
  sensorium: AddOptions,
});
export type VectorStoreFileRequest = z.infer<typeof VectorStoreFileRequest>;

export const VectorStoreFileUpdateRequest = z.looseObject({ attributes: Attributes });

export const FileBatchRequest = z.looseObject({
  file_ids: z.array(z.string().max(100)).min(1).max(500).optional(),
  files: z.array(VectorStoreFileRequest).min(1).max(500).optional(),
  attributes: Attributes,
  chunking_strategy: ChunkingStrategy,
  sensorium: AddOptions,
});

export const RankingOptions = z.looseObject({
  ranker: z.enum(['none', 'auto', 'default-2024-11-15']).optional(),
  score_threshold: z.number().min(0).max(1).optional(),
});

export const VectorStoreSearchRequest = z.looseObject({
  query: z.union([z.string().max(10_000), z.array(z.string().max(10_000)).min(1).max(16)]).optional(),
  filters: AttributeFilter.nullish(),
  max_num_results: z.number().int().min(1).max(50).default(10),
  ranking_options: RankingOptions.nullish(),
  rewrite_query: z.boolean().nullish(),
  sensorium: z
    .strictObject({
      media: z
        .string()
        .optional()
        .describe('A picture or recording like the one looked for: an address, or a data URL'),
      modality: MediaKind.optional().describe('Only files of this kind'),
      quotas: z
        .partialRecord(MediaKind, z.number().int().min(0).max(50))
        .optional()
        .describe('The most results of one kind, as long as there are others'),
    })
    .optional(),
});
export type VectorStoreSearchRequest = z.infer<typeof VectorStoreSearchRequest>;

/** Form fields beside the file in `POST /v1/files`. */
export const FileRequest = z.object({
  purpose: z.enum(['assistants', 'user_data', 'vision']).describe('What it is for; all are treated alike'),
  'expires_after[anchor]': z.literal('created_at').optional(),
  'expires_after[seconds]': z.coerce.number().int().min(3_600).max(2_592_000).optional(),
});

const Order = z.enum(['asc', 'desc']).default('desc');

/** How lists are read page by page. */
export const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: Order,
  after: z.string().max(100).optional(),
  before: z.string().max(100).optional(),
  filter: z.enum(['in_progress', 'completed', 'failed', 'cancelled']).optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

export const FileListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
  order: Order,
  after: z.string().max(100).optional(),
  purpose: z.string().max(100).optional(),
});

/** A tool of chat completions: what is found in vector stores goes along with the question, before the model is asked. */
export const FileSearchTool = z.object({
  type: z.literal('file_search'),
  vector_store_ids: z.array(z.string().max(256)).min(1).max(8),
  max_num_results: z.number().int().min(1).max(50).default(5),
  filters: AttributeFilter.nullish(),
  ranking_options: RankingOptions.nullish(),
});
