import { isSensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { MediaKind } from '#contract/media.ts';
import type { Perception } from '#contract/perception.ts';
import type { CallContext } from '#contract/ports.ts';
import type { StoredItem } from '#contract/vector-store.ts';
import { perceiveOne } from '../perceive-one.ts';
import { cut, type Passage } from './cut.ts';
import type { Ground } from './ground.ts';
import { passagesOf } from './passages.ts';
import { placeMedium } from './place-medium.ts';
import type { Chunking, Piece, ShelfFile, ShelvedFile } from './records.ts';
import type { OpenSpace } from './spaces.ts';
import { placeTexts } from './vectors.ts';

/** What is told while a file is turned into pieces of search spaces. */
export type PlacingEvent =
  | PipelineEvent
  | { readonly kind: 'embedding-moved'; readonly space: string; readonly done: number; readonly total: number };

/** The pieces of one file in every space that has a place for it, and what was lost on the way. */
export interface PlacedFile {
  readonly pieces: readonly Piece[];
  readonly losses: readonly Loss[];
}

/**
 * Perceives a file, cuts its words into pieces and gives each a place in the text space; pictures, sounds and frames of videos also get
 * places in the spaces made for them. A file that nothing can perceive is placed by its medium alone where there is such a space; throws
 * what perceiving throws where there is none.
 */
export async function placeFile(
  file: ShelfFile,
  shelved: Pick<ShelvedFile, 'store' | 'attributes' | 'language' | 'textOnly'> & { readonly tenant: string },
  { chunking, spaces }: { readonly chunking: Chunking; readonly spaces: readonly OpenSpace[] },
  ground: Ground,
  told: (event: PlacingEvent) => void,
  signal: AbortSignal,
): Promise<PlacedFile> {
  const losses: Loss[] = [];
  const context: CallContext = { signal, note: (loss) => void losses.push(loss) };
  const mediaSpaces = shelved.textOnly ? [] : spaces.flatMap((one) => (one.kind === 'media' ? [one] : []));
  const canPlaceMedium = mediaSpaces.some(({ takes }) => takesKind(takes, file.kind));
  const perception = await perceived(file, shelved.language, ground, canPlaceMedium, losses, told, signal);
  const passages = perception === null ? [] : passagesOf(perception);

  const pieces: Piece[] = [];
  const itemOf = (id: string, { text, fromMs, toMs }: Passage): StoredItem => ({
    ...{ id: `${file.id}:${id}`, tenant: shelved.tenant, store: shelved.store, file: file.id, modality: file.kind },
    ...{ sha256: file.sha256, surrogate: text, fromMs, toMs, attributes: shelved.attributes },
  });
  for (const { kind, space, embedder } of spaces) {
    if (kind !== 'text') continue;
    const most = Math.min(chunking.maxTokens, embedder.capabilities.maxTokens ?? Number.POSITIVE_INFINITY);
    const texts = cut(passages, { maxTokens: most, overlap: chunking.overlap });
    const moved = (done: number, total: number) => told({ kind: 'embedding-moved', space: space.id, done, total });
    const placed = await placeTexts(texts, embedder, context, moved);
    for (const [at, { passage, vector }] of placed.entries()) {
      pieces.push({ space: space.id, item: itemOf(`${at}`, passage), page: passage.page, vector: asBase64(vector) });
    }
  }
  for (const media of mediaSpaces) {
    const places = await placeMedium(file, media, ground, context);
    for (const [at, { vector, fromMs, toMs }] of places.entries()) {
      const text = wordsBetween(passages, fromMs, toMs);
      const item = itemOf(`m${at}`, { text, fromMs, toMs, page: null });
      pieces.push({ space: media.space.id, item, page: null, vector: asBase64(vector) });
      told({ kind: 'embedding-moved', space: media.space.id, done: at + 1, total: places.length });
    }
  }
  if (pieces.length === 0) context.note(nothingToFind(file));
  return { pieces, losses };
}

/** Whether something of a file of this kind has a place in a space: of a video its frames and its sound. */
function takesKind(takes: ReadonlySet<'image' | 'audio'>, kind: MediaKind): boolean {
  if (kind === 'video') return takes.size > 0;
  return (kind === 'image' || kind === 'audio') && takes.has(kind);
}

async function perceived(
  file: ShelfFile,
  language: string | null,
  { parts, media }: Ground,
  canDoWithout: boolean,
  losses: Loss[],
  told: (event: PlacingEvent) => void,
  signal: AbortSignal,
): Promise<Perception | null> {
  let perception: Perception | null = null;
  const wishes = language === null ? {} : { language };
  try {
    for await (const event of perceiveOne({ media: media.inputOf(file), ...wishes }, parts, signal)) {
      if (event.kind === 'loss-noted') losses.push(event.loss);
      if (event.kind === 'part-perceived') perception = event.perception;
      told(event);
    }
  } catch (error) {
    if (!isSensoriumError(error) || signal.aborted || !canDoWithout) throw error;
    const message = `Nothing in words is known of ${file.filename}: ${error.message}`;
    losses.push(lossOf({ kind: 'media-dropped', stage: 'perceive', message, action: 'It is found by itself alone.' }));
  }
  return perception;
}

function nothingToFind({ filename }: ShelfFile): Loss {
  return lossOf({
    kind: 'not-retrieved',
    stage: 'embed',
    message: `Nothing in ${filename} could be given a place in a search space.`,
    action: 'It is in the store and will not be found.',
  });
}

/** What is said or written between two times; all of it where there are none. */
function wordsBetween(passages: readonly Passage[], fromMs: number | null, toMs: number | null): string {
  const within = passages.filter(
    (one) =>
      fromMs === null ||
      toMs === null ||
      one.fromMs === null ||
      one.toMs === null ||
      (one.fromMs <= toMs && one.toMs >= fromMs),
  );
  return within
    .map(({ text }) => text.trim())
    .join('\n')
    .slice(0, MOST_SURROGATE);
}

/** A surrogate says what a thing is; whoever wants all of its words finds them in the text space. */
const MOST_SURROGATE = 2_000;

function asBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes.toString('base64');
}

/** The vector of a piece as it was written down. */
export function vectorOf({ vector }: Pick<Piece, 'vector'>): Float32Array {
  const bytes = Buffer.from(vector, 'base64');
  return Float32Array.from({ length: bytes.length >> 2 }, (_, at) => bytes.readFloatLE(at * 4));
}
