import { z } from 'zod';
import { TimeSpan } from './finding.ts';

/**
 * Something that did not come through. Losses are values: they travel with the answer into the ledger and never stop a
 * request. `extent` is how much, in `unit`, or `null` when nothing measured it. `certainty` says how we know.
 * `message` is one sentence for a person; `action` says what was done about it, or `null`. Where a medium was changed to fit,
 * `before` and `after` say what it was and became (`image/tiff 4000×3000, 36.0 MB`).
 */
export const Loss = z.object({
  kind: z.enum([
    'doubtful-word',
    'speech-without-words',
    'no-speech',
    'repetition',
    'compression',
    'improbable-text',
    'cut-in-speech',
    'media-dropped',
    'truncated',
    'clipped',
    'noisy',
    'invalid-samples',
    'paralinguistic',
    'not-spoken',
    'not-pronounced',
    'option-ignored',
    'language-unsupported',
    'text-truncated',
    'shortened',
    'speech-failed',
    're-encoded',
    'downscaled',
    'frames-sampled',
    'sound-dropped',
    'rearranged',
    'fell-back',
    'doubtful-character',
    'unwritable-character',
    'small-print',
    'not-described',
    'layout',
    'page-unread',
    'script-converted',
    'readers-disagree',
    'vectors-drifted',
    'not-retrieved',
  ]),
  stage: z.enum(['media', 'probe', 'plan', 'perceive', 'native', 'embed', 'ask', 'speak']),
  part: z.string().nullable(),
  engine: z.string().nullable(),
  time: TimeSpan.nullable(),
  text: z.string().nullable(),
  extent: z.number().nullable(),
  unit: z.string().nullable(),
  certainty: z.enum(['measured', 'estimated', 'unknown']),
  message: z.string(),
  action: z.string().nullable(),
  before: z.string().optional(),
  after: z.string().optional(),
});
export type Loss = z.infer<typeof Loss>;

const blank = { part: null, engine: null, time: null, text: null, extent: null, unit: null, action: null };

/** Makes a loss from the fields that matter; the rest says "not known" (`null`). */
export function lossOf(known: Pick<Loss, 'kind' | 'stage' | 'message'> & Partial<Loss>): Loss {
  return { certainty: 'measured', ...blank, ...known };
}
