import { z } from 'zod';

/** What the language model said. `finishReason` is `null` when the model did not say why it stopped. */
export const Answer = z.object({
  text: z.string(),
  model: z.string(),
  finishReason: z.enum(['stop', 'length', 'tool-calls', 'content-filter']).nullable(),
  usage: z.object({ inputTokens: z.number().int(), outputTokens: z.number().int() }).nullable(),
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
