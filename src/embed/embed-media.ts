import { SensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { CallContext, EmbeddableMedium, MediaEmbedder, TextPurpose } from '#contract/ports.ts';
import type { Embedded } from './embed.ts';
import { shortened } from './vector.ts';

/** From this share of letters on, a text is in a script that an embedder was not trained on. */
const CONSIDERABLE = 0.2;

/** One thing to be embedded: a text, or a medium. */
export type Embeddable =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'medium'; readonly medium: EmbeddableMedium };

export interface EmbedMediaRequest {
  readonly items: readonly Embeddable[];
  readonly dimensions?: number | undefined;
  readonly purpose?: TextPurpose | undefined;
}

/**
 * Turns texts and media into vectors of one space, in their order. Notes as losses what the embedder left out of media, a text in a script
 * it was not trained on, and what a smaller number of dimensions leaves out. Throws `embed.bad-input`, `embed.too-long` and the engine's errors.
 */
export async function embedMedia(
  { items, purpose, ...wish }: EmbedMediaRequest,
  embedder: MediaEmbedder,
  context: CallContext,
): Promise<Embedded> {
  const { dimensions: full } = embedder.capabilities;
  const dimensions = wish.dimensions ?? full;
  check(items, dimensions, embedder);
  const spent: number[] = [];
  const counting = { ...context, spent: (tokens: number) => void spent.push(tokens) };

  const texts = items.flatMap((item, at) => (item.kind === 'text' ? [{ at, text: item.text }] : []));
  const media = items.flatMap((item, at) => (item.kind === 'medium' ? [{ at, medium: item.medium }] : []));
  const vectors = new Array<Float32Array>(items.length);
  if (texts.length > 0) {
    for (const { at, text } of texts) {
      const loss = foreignIn(text, { at, of: items.length }, embedder);
      if (loss) context.note(loss);
    }
    const made = await embedder.texts(
      texts.map(({ text }) => text),
      counting,
      purpose,
    );
    for (const [index, { at }] of texts.entries()) vectors[at] = made[index] ?? new Float32Array();
  }
  if (media.length > 0) {
    const made = await embedder.media(
      media.map(({ medium }) => medium),
      counting,
    );
    for (const [index, { at }] of media.entries()) vectors[at] = made[index] ?? new Float32Array();
  }
  if (dimensions < full) context.note(shorter(dimensions, embedder));
  const tokens = spent.length > 0 ? spent.reduce((sum, count) => sum + count, 0) : null;
  return { vectors: vectors.map((vector) => shortened(vector, dimensions)), tokens };
}

function check(items: readonly Embeddable[], dimensions: number, { id, capabilities }: MediaEmbedder): void {
  const max = capabilities.dimensions;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > max) {
    throw new SensoriumError('embed.bad-input', `${id} cannot make vectors of ${dimensions} dimensions.`, {
      hint: `Ask for a whole number from 1 to ${max}.`,
      details: { dimensions, maxDimensions: max },
    });
  }
  const empty = items.findIndex((item) => item.kind === 'text' && item.text.trim() === '');
  if (items.length > 0 && empty < 0) return;
  throw new SensoriumError('embed.bad-input', 'There is nothing to embed, or a text that holds nothing.', {
    hint: 'Give at least one text or medium, and no text that is empty or only white space.',
    ...(empty < 0 ? {} : { details: { text: empty } }),
  });
}

/** Letters that are not Latin, where an embedder knows languages in Latin letters only. */
function foreignIn(
  text: string,
  item: { readonly at: number; readonly of: number },
  { id, capabilities: { languages } }: MediaEmbedder,
): Loss | null {
  if (languages === 'any' || languages.some((tag) => tag !== 'en')) return null;
  const letters = text.match(/\p{L}/gu) ?? [];
  const foreign = letters.filter((letter) => !/\p{Script=Latin}/u.test(letter));
  const share = letters.length === 0 ? 0 : foreign.length / letters.length;
  if (share < CONSIDERABLE) return null;
  return lossOf({
    kind: 'language-unsupported',
    stage: 'embed',
    engine: id,
    extent: share,
    unit: 'share of letters',
    message: `${id} was trained on English: ${foreign.length} of the ${letters.length} letters of input ${item.at + 1} of ${item.of} are of another script.`,
    action: 'Its vector says little; a multilingual embedder (siglip2) would read it.',
  });
}

function shorter(dimensions: number, { id, capabilities }: MediaEmbedder): Loss {
  return lossOf({
    kind: 'shortened',
    stage: 'embed',
    engine: id,
    extent: capabilities.dimensions - dimensions,
    unit: 'dimensions',
    message: `With ${dimensions} of ${capabilities.dimensions} dimensions ${id} tells things apart less well.`,
    action: 'The vectors were cut and normalised again.',
  });
}
