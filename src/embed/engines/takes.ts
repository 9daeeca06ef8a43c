import { SensoriumError } from '#contract/error.ts';
import type { EmbeddableMedium, MediaEmbedder } from '#contract/ports.ts';

/** Refuses media of a kind that an embedder does not take. Throws `embed.bad-input`. */
export function mustTake(
  id: string,
  takes: MediaEmbedder['capabilities']['takes'],
  media: readonly EmbeddableMedium[],
): void {
  for (const medium of media) {
    const kind = 'sound' in medium ? 'audio' : 'image';
    if (takes.includes(kind)) continue;
    throw new SensoriumError(
      'embed.bad-input',
      `${id} makes no vectors of ${kind === 'audio' ? 'sounds' : 'pictures'}.`,
      {
        hint: `It takes: ${takes.join(', ')}.`,
        details: { part: medium.part, kind },
      },
    );
  }
}
