import { z } from 'zod';

/**
 * What OpenAI's published API document says its answers look like: which fields must be there, which may be null, which
 * values they take. Written from that document and not from the server's own schemas, so that the two can disagree.
 * Fields the document does not know are let through: clients do so too.
 */

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative();
const unixSeconds = z.number().int();
const base64 = z.base64();

const TokenLogprob = z.looseObject({
  token: z.string(),
  logprob: z.number().max(0),
  bytes: z.array(z.number().int().min(0).max(255)).nullable(),
  top_logprobs: z.array(
    z.looseObject({ token: z.string(), logprob: z.number(), bytes: z.array(z.number().int()).nullable() }),
  ),
});

const ChoiceLogprobs = z
  .looseObject({ content: z.array(TokenLogprob).nullable(), refusal: z.array(TokenLogprob).nullable() })
  .nullable();

const FinishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']);

const ChatUsage = z
  .looseObject({
    prompt_tokens: count,
    completion_tokens: count,
    total_tokens: count,
    prompt_tokens_details: z
      .looseObject({ cached_tokens: count.optional(), audio_tokens: count.optional() })
      .optional(),
    completion_tokens_details: z
      .looseObject({
        reasoning_tokens: count.optional(),
        audio_tokens: count.optional(),
        accepted_prediction_tokens: count.optional(),
        rejected_prediction_tokens: count.optional(),
      })
      .optional(),
  })
  .refine((usage) => usage.total_tokens === usage.prompt_tokens + usage.completion_tokens, 'total_tokens is no sum');

/** Our one field in a chat answer. */
const Ours = z.looseObject({
  plan: z.array(z.looseObject({ part: z.string(), kind: z.string(), route: z.string() })),
  perceptions: z.array(z.looseObject({ part: z.string(), kind: z.string() })),
  ledger: z.looseObject({ inputs: z.array(z.looseObject({ fate: z.string() })), losses: z.array(z.looseObject({})) }),
  timings: z.looseObject({ totalMs: z.number() }),
});

export const ChatCompletion = z.looseObject({
  id: z.string().min(1),
  object: z.literal('chat.completion'),
  created: unixSeconds,
  model: z.string().min(1),
  choices: z
    .array(
      z.looseObject({
        index: z.number().int(),
        message: z.looseObject({
          role: z.literal('assistant'),
          content: z.string().nullable(),
          refusal: z.string().nullable(),
          annotations: z.array(z.looseObject({})).optional(),
          tool_calls: z
            .array(
              z.looseObject({
                id: z.string().min(1),
                type: z.literal('function'),
                function: z.looseObject({ name: z.string().min(1), arguments: z.string() }),
              }),
            )
            .min(1)
            .optional(),
          audio: z
            .looseObject({
              id: z.string().min(1),
              expires_at: unixSeconds,
              data: base64.min(1),
              transcript: z.string(),
            })
            .nullish(),
        }),
        logprobs: ChoiceLogprobs,
        finish_reason: FinishReason,
      }),
    )
    .length(1),
  usage: ChatUsage.optional(),
  service_tier: z.string().nullish(),
  system_fingerprint: z.string().optional(),
  sensorium: Ours,
});

export const ChatChunk = z.looseObject({
  id: z.string().min(1),
  object: z.literal('chat.completion.chunk'),
  created: unixSeconds,
  model: z.string().min(1),
  choices: z
    .array(
      z.looseObject({
        index: z.number().int(),
        delta: z.looseObject({
          role: z.literal('assistant').optional(),
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(
              z.looseObject({
                index: z.number().int(),
                id: z.string().min(1).optional(),
                type: z.literal('function').optional(),
                function: z.looseObject({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
              }),
            )
            .optional(),
          audio: z
            .looseObject({
              id: z.string().optional(),
              transcript: z.string().optional(),
              data: base64.optional(),
              expires_at: unixSeconds.optional(),
            })
            .optional(),
        }),
        logprobs: ChoiceLogprobs.optional(),
        finish_reason: FinishReason.nullable(),
      }),
    )
    .max(1),
  usage: ChatUsage.nullish(),
  sensorium: z.union([Ours, z.looseObject({ event: z.looseObject({ kind: z.string() }) })]).optional(),
});
export type ChatChunk = z.infer<typeof ChatChunk>;

const TranscriptionLogprob = z.looseObject({
  token: z.string(),
  logprob: z.number().max(0),
  bytes: z.array(z.number().int().min(0).max(255)),
});

const TranscriptionUsage = z.union([
  z.looseObject({ type: z.literal('duration'), seconds }),
  z.looseObject({
    type: z.literal('tokens'),
    input_tokens: count,
    output_tokens: count,
    total_tokens: count,
    input_token_details: z.looseObject({ text_tokens: count.optional(), audio_tokens: count.optional() }).optional(),
  }),
]);

export const Transcription = z.looseObject({
  text: z.string(),
  logprobs: z.array(TranscriptionLogprob).optional(),
  usage: TranscriptionUsage.optional(),
});

const inOrder = ({ start, end }: { start: number; end: number }) => start <= end;

export const VerboseTranscription = z.looseObject({
  task: z.enum(['transcribe', 'translate']).optional(),
  language: z.string().min(1),
  duration: seconds,
  text: z.string(),
  words: z
    .array(z.looseObject({ word: z.string(), start: seconds, end: seconds }).refine(inOrder, 'ends before it starts'))
    .optional(),
  // OpenAI's document has numbers in all of these. What nobody measured is null here: a known difference, kept on purpose.
  segments: z
    .array(
      z
        .looseObject({
          id: z.number().int(),
          seek: z.number().int().nullable(),
          start: seconds,
          end: seconds,
          text: z.string(),
          tokens: z.array(z.number().int()).nullable(),
          temperature: z.number().nullable(),
          avg_logprob: z.number().nullable(),
          compression_ratio: z.number().nullable(),
          no_speech_prob: z.number().nullable(),
        })
        .refine(inOrder, 'ends before it starts'),
    )
    .optional(),
  usage: z.looseObject({ type: z.literal('duration'), seconds }).optional(),
});

export const Translation = z.looseObject({ text: z.string() });

export const TranscriptionEvent = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('transcript.text.delta'),
    delta: z.string(),
    logprobs: z.array(TranscriptionLogprob).optional(),
  }),
  z.looseObject({
    type: z.literal('transcript.text.done'),
    text: z.string(),
    logprobs: z.array(TranscriptionLogprob).optional(),
    usage: TranscriptionUsage.optional(),
  }),
]);

export const SpeechEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('speech.audio.delta'), audio: base64.min(1) }),
  z.looseObject({
    type: z.literal('speech.audio.done'),
    usage: z.looseObject({ input_tokens: count, output_tokens: count, total_tokens: count }),
  }),
]);

export const Embeddings = z.looseObject({
  object: z.literal('list'),
  data: z
    .array(
      z.looseObject({
        object: z.literal('embedding'),
        index: count,
        embedding: z.union([z.array(z.number()).min(1), base64.min(1)]),
      }),
    )
    .min(1),
  model: z.string().min(1),
  usage: z.looseObject({ prompt_tokens: count, total_tokens: count }),
});

export const Model = z.looseObject({
  id: z.string().min(1),
  object: z.literal('model'),
  created: unixSeconds,
  owned_by: z.string().min(1),
  sensorium: z.looseObject({ input: z.looseObject({}), output: z.looseObject({}), installed: z.boolean().nullable() }),
});

export const Models = z.looseObject({ object: z.literal('list'), data: z.array(Model) });

export const Voices = z.looseObject({
  voices: z
    .array(z.looseObject({ id: z.string().min(1), name: z.string().min(1), language: z.string().min(2) }))
    .min(1),
});

export const ApiError = z.looseObject({
  error: z.looseObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});
