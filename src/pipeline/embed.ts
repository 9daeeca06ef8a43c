import type { Loss } from '#contract/loss.ts';
import { type Embedded, type EmbedRequest, embed, embedderEntry } from '#embed/index.ts';
import type { Parts } from './parts.ts';
import { travel } from './trip.ts';

export interface TextsRequest extends EmbedRequest {
  /** Embedder; the configured one where none is named. */
  readonly model?: string | undefined;
}

/** Vectors for texts, what was lost on the way, and by which embedder. */
export interface Vectors extends Embedded {
  readonly model: string;
  readonly losses: readonly Loss[];
}

/** Turns texts into vectors. Throws `embed.*`. */
export async function embedTexts(request: TextsRequest, parts: Parts, signal?: AbortSignal): Promise<Vectors> {
  const { id } = embedderEntry(request.model ?? parts.embedderId);
  let made: Embedded = { vectors: [], tokens: 0 };
  const losses: Loss[] = [];
  const story = travel(
    (trip) =>
      trip.stage('embed', async () => {
        made = await embed(request, await parts.embedder(id, trip.signal), trip.context);
      }),
    { signal, timeouts: parts.timeouts },
  );
  for await (const event of story) if (event.kind === 'loss-noted') losses.push(event.loss);
  return { ...made, model: id, losses };
}
