import { z } from 'zod';
import { MediaKind } from './media.ts';

/**
 * What became of one media part of a request: it went in by a route, it was dropped, or the request ended before its turn
 * (`not-reached`). In every answer and every error each part has one. `kind` is `null` when nobody had looked yet.
 */
export const Fate = z.object({
  part: z.string(),
  kind: MediaKind.nullable(),
  name: z.string().nullable(),
  fate: z.enum(['native', 'text', 'embedding', 'dropped', 'not-reached']),
  reason: z.string(),
});
export type Fate = z.infer<typeof Fate>;
