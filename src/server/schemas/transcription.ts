import { z } from 'zod';

// Form fields are texts, yes and no too.
const Bool = z.enum(['true', 'false', '1', '0', '']).transform((text) => text === 'true' || text === '1');

/** What `POST /v1/audio/transcriptions` and `/translations` take beside the file, as form fields. */
export const TranscriptionRequest = z.object({
  model: z.string().min(1).max(512).optional().describe('The configured recogniser where none is named'),
  language: z.string().max(35).optional(),
  prompt: z.string().max(10_000).optional().describe('Words that are likely to be said'),
  response_format: z.enum(['json', 'text', 'srt', 'verbose_json', 'vtt']).default('json'),
  temperature: z.coerce.number().min(0).max(1).optional(),
  include: z.array(z.enum(['logprobs'])).default([]),
  timestamp_granularities: z.array(z.enum(['word', 'segment'])).default(['segment']),
  stream: Bool.default(false),
});
export type TranscriptionRequest = z.infer<typeof TranscriptionRequest>;
