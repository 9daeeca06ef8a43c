import { z } from 'zod';
import { Fate } from '#contract/fate.ts';
import { Ledger } from '#contract/ledger.ts';
import { Loss } from '#contract/loss.ts';
import { Perception } from '#contract/perception.ts';
import { Plan } from '#contract/plan.ts';
import { Cost, Timings } from '#contract/report.ts';
import { FoundItem, Retrieved } from '#contract/retrieval.ts';
import { Attribute } from '#contract/vector-store.ts';

/** What a request leaves behind, in every answer of chat completions. */
const SensoriumReport = z
  .object({
    request_id: z.string(),
    plan: Plan,
    perceptions: z.array(Perception),
    ledger: Ledger,
    timings: Timings,
    costs: z.array(Cost),
    retrieved: z.array(Retrieved).optional(),
  })
  .describe('How each medium went in, what was heard, what was lost, how long it took, and what it cost');

const Counts = z.record(z.string(), z.unknown());
const TokenUsage = z.object({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
  prompt_tokens_details: Counts.optional(),
  completion_tokens_details: Counts.optional(),
});

const ChatCompletion = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.number().int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.literal(0),
      message: z.object({
        role: z.literal('assistant'),
        content: z.string().nullable(),
        refusal: z.string().nullable(),
        reasoning_content: z.string().optional(),
        annotations: z.array(z.unknown()),
        audio: z
          .object({ id: z.string(), expires_at: z.number().int(), data: z.string(), transcript: z.string() })
          .optional(),
        tool_calls: z
          .array(
            z.object({
              id: z.string(),
              type: z.literal('function'),
              function: z.object({ name: z.string(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
      logprobs: z.object({ content: z.array(z.unknown()), refusal: z.null() }).nullable(),
      finish_reason: z.enum(['stop', 'length', 'tool_calls', 'content_filter']),
    }),
  ),
  usage: TokenUsage.nullable(),
  sensorium: SensoriumReport,
});

const DurationUsage = z.object({ type: z.literal('duration'), seconds: z.number() });
const Heard = z.object({
  request_id: z.string(),
  model: z.string(),
  language: z.string().nullable(),
  languageSource: z.string().nullable(),
  words: z.array(z.unknown()),
  losses: z.array(Loss),
});

const Transcription = z.object({
  text: z.string(),
  logprobs: z.array(z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number().int()) })).optional(),
  task: z.enum(['transcribe', 'translate']).optional(),
  language: z.string().nullable().optional(),
  duration: z.number().optional(),
  words: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })).optional(),
  segments: z.array(z.record(z.string(), z.unknown())).optional(),
  usage: DurationUsage,
  sensorium: Heard,
});

const Perceived = Perception.and(z.object({ losses: z.array(Loss), ledger: Ledger, request_id: z.string() }));

const EmbeddingList = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: z.number().int(),
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.number().int(), total_tokens: z.number().int() }),
  sensorium: z.object({ losses: z.array(Loss) }),
});

const Known = z.union([z.boolean(), z.literal('unknown')]);
const Model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.number().int(),
  owned_by: z.string(),
  sensorium: z.object({
    task: z.enum(['chat', 'transcription', 'speech', 'embedding']),
    input: z.record(z.string(), Known),
    output: z.record(z.string(), Known),
    context_tokens: z.number().int().nullable(),
    languages: z.union([z.array(z.string()), z.enum(['any', 'unknown'])]),
    source: z.string(),
    from: z.string(),
    installed: z.boolean().nullable(),
  }),
});
const ModelList = z.object({ object: z.literal('list'), data: z.array(Model) });

const VoiceList = z.object({
  object: z.literal('list'),
  voices: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      language: z.string(),
      gender: z.enum(['female', 'male', 'unknown']),
      engine: z.string(),
    }),
  ),
});

const FileObject = z.object({
  id: z.string(),
  object: z.literal('file'),
  bytes: z.number().int(),
  created_at: z.number().int(),
  filename: z.string(),
  purpose: z.string(),
  status: z.literal('processed'),
  expires_at: z.number().int().optional(),
  sensorium: z.object({ kind: z.string(), kept: z.boolean() }),
});

const FileCounts = z.object({
  in_progress: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
  total: z.number().int(),
});

const VectorStoreObject = z.object({
  id: z.string(),
  object: z.literal('vector_store'),
  created_at: z.number().int(),
  name: z.string(),
  description: z.string().nullable(),
  usage_bytes: z.number().int(),
  file_counts: FileCounts,
  status: z.enum(['expired', 'in_progress', 'completed']),
  expires_after: z.object({ anchor: z.literal('last_active_at'), days: z.number().int() }).nullable(),
  expires_at: z.number().int().nullable(),
  last_active_at: z.number().int(),
  metadata: z.record(z.string(), z.string()),
});

const VectorStoreFileObject = z.object({
  id: z.string(),
  object: z.literal('vector_store.file'),
  created_at: z.number().int(),
  usage_bytes: z.number().int(),
  vector_store_id: z.string(),
  status: z.enum(['in_progress', 'completed', 'failed', 'cancelled']),
  last_error: z.object({ code: z.string(), message: z.string() }).nullable(),
  attributes: z.record(z.string(), Attribute),
  chunking_strategy: z.record(z.string(), z.unknown()),
  sensorium: z.object({ losses: z.array(Loss), spaces: z.array(z.record(z.string(), z.unknown())) }),
});

const FileBatchObject = z.object({
  id: z.string(),
  object: z.literal('vector_store.files_batch'),
  created_at: z.number().int(),
  vector_store_id: z.string(),
  status: z.enum(['in_progress', 'completed', 'cancelled']),
  file_counts: FileCounts,
});

const FileContent = z.object({
  object: z.literal('vector_store.file_content.page'),
  data: z.array(z.object({ type: z.literal('text'), text: z.string(), sensorium: z.record(z.string(), z.unknown()) })),
  has_more: z.boolean(),
  next_page: z.string().nullable(),
});

const SearchResults = z.object({
  object: z.literal('vector_store.search_results.page'),
  search_query: z.array(z.string()),
  data: z.array(
    z.object({
      file_id: z.string(),
      filename: z.string(),
      attributes: z.record(z.string(), Attribute),
      score: z
        .number()
        .describe('Similarity in the space where it stands best; the order is that of its ranks in all spaces'),
      content: z.array(z.object({ type: z.literal('text'), text: z.string() })),
      sensorium: FoundItem.pick({ modality: true, page: true, fusion: true, places: true, why: true }).extend({
        from_ms: z.number().nullable(),
        to_ms: z.number().nullable(),
      }),
    }),
  ),
  has_more: z.boolean(),
  next_page: z.string().nullable(),
  sensorium: z.object({ searched: z.number().int(), losses: z.array(Loss) }),
});

const listOf = <T extends z.ZodType>(one: T) =>
  z.object({
    object: z.literal('list'),
    data: z.array(one),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  });
const FileList = listOf(FileObject);
const VectorStoreList = listOf(VectorStoreObject);
const VectorStoreFileList = listOf(VectorStoreFileObject);
const Deleted = z.object({ id: z.string(), object: z.string(), deleted: z.literal(true) });

const Health = z.object({ status: z.string(), version: z.string().optional(), running: z.number().optional() });

const ErrorAnswer = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string(),
    sensorium: z.object({
      code: z.string(),
      hint: z.string(),
      request_id: z.string(),
      parts: z.array(Fate).describe('What had become of each media part'),
    }),
  }),
});

/** The answers of this server, by the name each has in its description. */
export const ANSWERS = {
  SensoriumReport,
  ChatCompletion,
  Transcription,
  Perceived,
  EmbeddingList,
  Model,
  ModelList,
  VoiceList,
  FileObject,
  FileList,
  VectorStoreObject,
  VectorStoreList,
  VectorStoreFileObject,
  VectorStoreFileList,
  FileBatchObject,
  FileContent,
  SearchResults,
  Deleted,
  Health,
  ErrorAnswer,
};
