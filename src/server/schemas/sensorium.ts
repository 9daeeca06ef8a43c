import { z } from 'zod';

/** Our one field in a request. Whoever does not know it leaves it out. */
export const SensoriumOptions = z
  .strictObject({
    route: z
      .enum(['auto', 'native', 'text', 'embedding'])
      .default('auto')
      .describe('The way in for media: as the model takes it, as text, as vectors, or whatever is best'),
    policy: z
      .enum(['prefer', 'require'])
      .default('prefer')
      .describe('What to do when that way cannot be had: take another and say why, or refuse'),
    loss: z
      .enum(['report', 'forbid'])
      .default('report')
      .describe('Report losses in the ledger, or refuse the request at the first one'),
    language: z.string().max(35).optional().describe('Language spoken in the recordings (BCP 47)'),
    stream_events: z.boolean().default(false).describe('In a stream, send plan, perceptions and losses as they happen'),
  })
  .describe('What this server can do beyond OpenAI’s API');
export type SensoriumOptions = z.infer<typeof SensoriumOptions>;
