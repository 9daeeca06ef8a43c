import { SensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { CallContext, Embedder, Embedding, TextPurpose } from '#contract/ports.ts';
import { shortened } from './vector.ts';

/** From this share of unknown tokens on, a vector stands for noticeably less than its text. */
const CONSIDERABLE = 0.2;

export interface EmbedRequest {
  readonly texts: readonly string[];
  /** How many numbers each vector is to have; as many as the model makes where nothing is said. */
  readonly dimensions?: number | undefined;
  /** What the texts are for, where that is known; else they are compared with each other. */
  readonly purpose?: TextPurpose | undefined;
  /** The part of the request the texts come from, for the ledger. */
  readonly part?: string | undefined;
}

/** One vector of length 1 for each text, in their order, and how many tokens the model read; `null` where nobody said. */
export interface Embedded {
  readonly vectors: readonly Float32Array[];
  readonly tokens: number | null;
}

/**
 * Turns texts into vectors whose dot product is their cosine similarity. Notes as losses what the model could not make sense
 * of and what a smaller number of dimensions leaves out. Throws `embed.bad-input`, `embed.too-long` and the engine's errors.
 */
export async function embed(request: EmbedRequest, embedder: Embedder, context: CallContext): Promise<Embedded> {
  const { texts, part = null } = request;
  const { dimensions: full } = embedder.capabilities;
  const dimensions = request.dimensions ?? full;
  checkDimensions(dimensions, embedder);
  if (texts.length === 0) throw badInput('There is no text to embed.', {});
  refuseEmpty(texts, (text) => text.trim() === '');

  const spent: number[] = [];
  const counting = { ...context, spent: (tokens: number) => void spent.push(tokens) };
  const embeddings = await embedder.embed(texts, counting, request.purpose);
  refuseEmpty(embeddings, ({ tokens }) => tokens === 0);
  for (const [at, embedding] of embeddings.entries()) {
    const loss = unknownIn(embedding, { at, of: texts.length }, embedder);
    if (loss) context.note({ ...loss, part });
  }
  if (dimensions < full) context.note({ ...shorter(dimensions, embedder), part });
  return {
    vectors: embeddings.map(({ vector }) => shortened(vector, dimensions)),
    tokens: total(spent.length > 0 ? spent : embeddings.map(({ tokens }) => tokens)),
  };
}

function total(counts: readonly (number | null)[]): number | null {
  return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0);
}

function checkDimensions(dimensions: number, { id, capabilities }: Embedder): void {
  const max = capabilities.dimensions;
  if (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= max) return;
  throw new SensoriumError('embed.bad-input', `${id} cannot make vectors of ${dimensions} dimensions.`, {
    hint: `Ask for a whole number from 1 to ${max}.`,
    details: { dimensions, maxDimensions: max },
  });
}

function refuseEmpty<T>(items: readonly T[], isEmpty: (item: T) => boolean): void {
  const text = items.findIndex(isEmpty);
  if (text >= 0) throw badInput(`Text ${text + 1} of ${items.length} holds nothing to embed.`, { text });
}

function badInput(message: string, details: { text?: number }): SensoriumError {
  return new SensoriumError('embed.bad-input', message, {
    hint: 'Give at least one text, and none that is empty or only white space.',
    details,
  });
}

function unknownIn(
  { tokens, unknownTokens }: Embedding,
  text: { readonly at: number; readonly of: number },
  { id, capabilities: { languages } }: Embedder,
): Loss | null {
  const share = tokens === null ? 0 : (unknownTokens ?? 0) / tokens;
  if (share < CONSIDERABLE) return null;
  const trained = languages === 'any' ? '' : ` It was trained on: ${languages.join(', ')}.`;
  return lossOf({
    kind: 'language-unsupported',
    stage: 'embed',
    engine: id,
    extent: share,
    unit: 'share of tokens',
    message: `${id} can make nothing of ${unknownTokens} of the ${tokens} tokens in text ${text.at + 1} of ${text.of}.${trained}`,
    action: 'The vector stands for the rest of the text.',
  });
}

function shorter(dimensions: number, { id, capabilities }: Embedder): Loss {
  const full = capabilities.dimensions;
  return lossOf({
    kind: 'shortened',
    stage: 'embed',
    engine: id,
    extent: full - dimensions,
    unit: 'dimensions',
    message: `${id} was not trained for shorter vectors: with ${dimensions} of ${full} dimensions they tell texts apart less well.`,
    action: 'The vectors were cut and normalised again.',
  });
}
