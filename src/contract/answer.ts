import { z } from 'zod';

/** A function the model wants called. `arguments` is JSON as the model wrote it: it may not parse. */
export const ToolCall = z.object({ id: z.string(), name: z.string(), arguments: z.string() });
export type ToolCall = z.infer<typeof ToolCall>;

/** A token of the answer with its natural-log probability, as the model's server measured it. */
export const AnswerToken = z.object({
  text: z.string(),
  logprob: z.number(),
  bytes: z.array(z.number().int()).nullable(),
  top: z.array(z.object({ text: z.string(), logprob: z.number(), bytes: z.array(z.number().int()).nullable() })),
});
export type AnswerToken = z.infer<typeof AnswerToken>;

/** Tokens as whoever ran the model counted them; what was not counted is left out. */
export const Usage = z.object({
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  cachedTokens: z.number().int().optional(),
  inputAudioTokens: z.number().int().optional(),
  outputAudioTokens: z.number().int().optional(),
  reasoningTokens: z.number().int().optional(),
});
export type Usage = z.infer<typeof Usage>;

/** What the language model said. `finishReason` is `null` when the model did not say why it stopped. */
export const Answer = z.object({
  text: z.string(),
  model: z.string(),
  finishReason: z.enum(['stop', 'length', 'tool-calls', 'content-filter']).nullable(),
  usage: Usage.nullable(),
  toolCalls: z.array(ToolCall).optional(),
  logprobs: z.array(AnswerToken).optional(),
  reasoning: z.string().optional(),
  refusal: z.string().optional(),
});
export type Answer = z.infer<typeof Answer>;

/** The answer as sound. `path` is the written file, or `null` when the sound was only streamed. */
export const Speech = z.object({
  path: z.string().nullable(),
  voice: z.string(),
  engine: z.string(),
  sampleRateHz: z.number().int().positive(),
  durationMs: z.number().nonnegative(),
  spokenText: z.string(),
});
export type Speech = z.infer<typeof Speech>;
