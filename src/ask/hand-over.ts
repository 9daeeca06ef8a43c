import type { Media } from '#contract/media.ts';
import type { DIALECTS } from './dialects/index.ts';
import { hasPlaceFor } from './dialects/openai/wire-messages.ts';

export type Dialect = keyof typeof DIALECTS;

/**
 * Whether a medium can be handed to a model as it is through a dialect: whether there is a form for it on the way. Whether
 * the model takes that kind is its capabilities' to say; both must be so.
 */
export function canHandOver(media: Pick<Media, 'kind' | 'mimeType'>, dialect: Dialect): boolean {
  return dialect === 'openai' && hasPlaceFor(media);
}
