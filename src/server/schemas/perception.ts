import { z } from 'zod';

const Bool = z.enum(['true', 'false', '1', '0', '']).transform((text) => text === 'true' || text === '1');

/** What `POST /v1/perceptions` takes beside the file, as form fields. */
export const PerceptionRequest = z.object({
  sense: z
    .enum(['hear', 'see', 'read', 'watch', 'whatever'])
    .default('whatever')
    .describe('What is to be done with it; `whatever` does what fits its kind'),
  model: z.string().min(1).max(512).optional().describe('Speech recogniser; the configured one where none is named'),
  language: z.string().max(35).optional().describe('Language that is spoken in it'),
  prompt: z.string().max(10_000).optional().describe('Words that are likely to be said'),
  tell: z.enum(['en', 'zh']).default('en').describe('Language of the words that are told about it'),
  stream: Bool.default(false).describe('Events while it is perceived, the perception last'),
});
export type PerceptionRequest = z.infer<typeof PerceptionRequest>;
