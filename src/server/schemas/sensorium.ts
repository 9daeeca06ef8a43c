import { z } from 'zod';
import { MediaKind } from '#contract/media.ts';
import { Policy, RouteChoice } from '#contract/plan.ts';

/** What a request asks to be mended between hearing and asking. */
const MendOptions = z.strictObject({
  glossary: z
    .array(z.string().max(400))
    .max(10_000)
    .optional()
    .describe('Words that are likely to be said, a term each; after a tab its pinyin where it is spoken unusually'),
  correct: z
    .boolean()
    .optional()
    .describe('Ask a language model about doubtful places; only what sounds nearly the same is taken'),
  gloss: z.boolean().optional().describe('Explain rare Chinese characters on first use'),
  escalate: z
    .enum(['off', 'doubtful'])
    .optional()
    .describe('Hand doubtful clips and pieces of pictures, beside the text, to a model that takes them'),
});

/** Our one field in a request. Whoever does not know it leaves it out. */
export const SensoriumOptions = z
  .strictObject({
    route: z
      .union([RouteChoice, z.partialRecord(MediaKind, RouteChoice)])
      .optional()
      .describe(
        'The way in for media, for all or for each kind: as the model takes it, as text, both, as vectors, or whatever is best',
      ),
    policy: Policy.optional().describe(
      'How to choose: native first, the cheapest, the fastest, the most faithful; and whether to refuse when the route asked for cannot be had',
    ),
    loss: z
      .enum(['report', 'forbid'])
      .default('report')
      .describe('Report losses in the ledger, or refuse the request at the first one'),
    language: z.string().max(35).optional().describe('Language spoken in the recordings (BCP 47)'),
    mend: z
      .union([z.literal(false), MendOptions])
      .optional()
      .describe(
        'What to win back of what is lost on the way; what is left out is as the server is set up; false: nothing',
      ),
    stream_events: z.boolean().default(false).describe('In a stream, send plan, perceptions and losses as they happen'),
  })
  .describe('What this server can do beyond OpenAI’s API');
export type SensoriumOptions = z.infer<typeof SensoriumOptions>;
