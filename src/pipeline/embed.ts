import { SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { CallContext, EmbeddableMedium, TextPurpose } from '#contract/ports.ts';
import { type Embeddable, type Embedded, embed, embedMedia } from '#embed/index.ts';
import type { MediaInput } from '#media/index.ts';
import { decodePicture } from '#runtime/pixels/picture.ts';
import type { Parts } from './parts.ts';
import { closeParts, takeParts } from './take.ts';
import { type Trip, travel } from './trip.ts';

/** Where no limit is set. */
const MOST_PIXELS = 100e6;

/** A text or a medium to be embedded. */
export type EmbedInput =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'media'; readonly input: MediaInput };

export interface InputsRequest {
  readonly inputs: readonly EmbedInput[];
  readonly dimensions?: number | undefined;
  readonly purpose?: TextPurpose | undefined;
  /** Embedder; the configured one for what is given where none is named. */
  readonly model?: string | undefined;
}

/** Vectors of one space, what was lost on the way, and by which embedder. */
export interface Vectors extends Embedded {
  readonly model: string;
  readonly losses: readonly Loss[];
}

/**
 * Turns texts and media into vectors of one space: words alone by the text embedder, words beside pictures or sounds by the embedder of
 * those. Throws `embed.*`, and `media.*` and `see.*` for a medium that cannot be read.
 */
export async function embedInputs(request: InputsRequest, parts: Parts, signal?: AbortSignal): Promise<Vectors> {
  let made: Embedded = { vectors: [], tokens: 0 };
  let by = request.model ?? parts.embedderId;
  const losses: Loss[] = [];
  const incoming = request.inputs.flatMap((one) =>
    one.kind === 'media' ? [{ input: one.input, fromUser: true }] : [],
  );
  const story = travel(
    async (trip) => {
      const taken = await takeParts(incoming, parts, trip, () => {});
      try {
        await trip.stage('embed', async () => {
          const vectors = await vectorsOf(request, taken, parts, trip);
          ({ by, made } = vectors);
        });
      } finally {
        await closeParts(taken);
      }
    },
    { signal, timeouts: parts.timeouts },
  );
  for await (const event of story) if (event.kind === 'loss-noted') losses.push(event.loss);
  return { ...made, model: by, losses };
}

async function vectorsOf(
  { inputs, model, dimensions, purpose }: InputsRequest,
  taken: readonly MediaPart[],
  parts: Parts,
  { signal, context }: Trip,
): Promise<{ readonly by: string; readonly made: Embedded }> {
  if (taken.length === 0 && !(model !== undefined && parts.mediaEmbedders?.has(model))) {
    const texts = inputs.flatMap((one) => (one.kind === 'text' ? [one.text] : []));
    const embedder = await parts.embedder(model ?? parts.embedderId, signal);
    return { by: embedder.id, made: await embed({ texts, dimensions, purpose }, embedder, context) };
  }
  const { mediaEmbedders } = parts;
  const id = model ?? mediaEmbedderFor(taken, parts);
  if (!mediaEmbedders) throw noEmbedder(taken[0]?.media.kind ?? 'image');
  const embedder = await mediaEmbedders.open(id, signal);
  const left = [...taken];
  const items: Embeddable[] = [];
  for (const one of inputs) {
    if (one.kind === 'text') items.push(one);
    else {
      const part = left.shift();
      if (part) items.push({ kind: 'medium', medium: await mediumOf(part, parts, context) });
    }
  }
  return { by: embedder.id, made: await embedMedia({ items, dimensions, purpose }, embedder, context) };
}

/** The embedder that is set up for all these media. Throws `embed.bad-input` where they need two: their vectors would not be of one space. */
function mediaEmbedderFor(taken: readonly MediaPart[], { mediaEmbedders }: Parts): string {
  const ids = new Set(
    taken.map(({ media: { kind } }) => {
      const id = kind === 'image' || kind === 'audio' ? mediaEmbedders?.ids[kind] : null;
      if (!id) throw noEmbedder(kind);
      return id;
    }),
  );
  const [id = '', other] = ids;
  if (other === undefined) return id;
  throw new SensoriumError(
    'embed.bad-input',
    `Pictures and sounds are embedded by two models here (${id}, ${other}).`,
    {
      hint: 'Their vectors cannot be compared with each other. Embed each kind in a request of its own.',
    },
  );
}

function noEmbedder(kind: string): SensoriumError {
  const settings: Readonly<Record<string, string>> = { image: 'embed.image', audio: 'embed.audio' };
  const setting = settings[kind];
  return new SensoriumError(
    'embed.bad-input',
    `Nothing here makes vectors of ${kind === 'image' ? 'pictures' : kind === 'audio' ? 'sounds' : `a ${kind}`}.`,
    {
      hint: setting
        ? `Set ${setting}, for example to ${kind === 'image' ? 'siglip2' : 'clap'}:/FOLDER, or name an embedder as model.`
        : 'Embed what is in it: its text, its pictures, its sound.',
      details: { kind },
    },
  );
}

async function mediumOf(part: MediaPart, { taking }: Parts, { signal }: CallContext): Promise<EmbeddableMedium> {
  const { media, sound } = part;
  if (media.kind === 'audio' && sound) return { part: media.part, sound };
  if (media.kind !== 'image') throw noEmbedder(media.kind);
  const limits = { maxPixels: taking.limits?.maxPixels ?? MOST_PIXELS, signal };
  const picture = await decodePicture(await part.bytes(), limits);
  return { part: media.part, pixels: await picture.pixels() };
}
