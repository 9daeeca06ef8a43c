import { SensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { MediaKind, MediaPart } from '#contract/media.ts';
import type { CallContext } from '#contract/ports.ts';
import type { FoundItem } from '#contract/retrieval.ts';
import type { AttributeFilter, Hit, StoredItem } from '#contract/vector-store.ts';
import { embed } from '#embed/index.ts';
import { type MediaInput, takeMedia } from '#media/index.ts';
import { type Fused, fuseRankings, type Ranking } from '#store/index.ts';
import type { Ground } from './ground.ts';
import { vectorOfMedium } from './place-medium.ts';
import type { Pieces } from './records.ts';
import type { OpenSpace } from './spaces.ts';
import { activeStore } from './stores.ts';

/** What is looked for, in which stores of one tenant. */
export interface SearchWish {
  readonly tenant: string;
  /** Their ids. */
  readonly stores: readonly string[];
  /** In words; each is looked for by itself, and what they find is fused. */
  readonly queries: readonly string[];
  /** A picture or a recording like the one looked for, where a space takes it. */
  readonly medium?: MediaInput | undefined;
  readonly limit: number;
  readonly modality?: MediaKind | undefined;
  readonly filter?: AttributeFilter | undefined;
  /** Hits of less similarity in their space are left out; what it means depends on the space. */
  readonly threshold?: number | undefined;
  /** The most places one modality may take as long as others would take them; where several spaces are searched half of them, if nothing is said. */
  readonly quotas?: Readonly<Partial<Record<MediaKind, number>>> | undefined;
}

/** What was found, best first, in how many pieces it was looked for, and what the search could not do. */
export interface Findings {
  readonly items: readonly FoundItem[];
  readonly searched: number;
  readonly losses: readonly Loss[];
}

/** So many times the wanted number are asked of each space: several pieces of one thing count once, and the other spaces have a say. */
const DEEPER = 4;
const MOST_ASKED = 200;
/** Vectors at a right angle have nothing in common: a place among such is no vote for anything. */
const UNRELATED = 1e-6;

/**
 * Looks in each space with that space’s own embedder and makes one list of what they find by rank; similarities of different spaces are
 * never compared. Queries are taken as they are: nothing is rewritten. Throws `store.*`, `embed.*`, and `media.*` for a query’s medium.
 */
export async function searchShelf(wish: SearchWish, ground: Ground, signal: AbortSignal): Promise<Findings> {
  if (wish.queries.every((query) => query.trim() === '') && wish.medium === undefined) throw nothingAsked();
  const losses: Loss[] = [];
  const context: CallContext = { signal, note: (loss) => void losses.push(loss) };
  for (const store of wish.stores) await activeStore(wish.tenant, store, ground);
  const spaces = await ground.spaces(signal);
  const vectors = await queryVectors(wish, spaces, ground, context);
  const rankings: Ranking[] = [];
  for (const { space, vector } of vectors) rankings.push(await rankingIn(space, vector, wish, ground, signal));
  const quotas = wish.quotas ?? (new Set(rankings.map(({ space }) => space)).size > 1 ? halfEach(wish.limit) : {});
  const fused = fuseRankings(rankings, { limit: wish.limit, keyOf, quotas });
  const pageOf = pagesFor(wish.tenant, ground);
  const items = await Promise.all(fused.map((one) => toldOf(one, wish.tenant, spaces, pageOf, ground)));
  const searched = await piecesIn(wish, spaces, ground, signal);
  await noteUnsearched(wish, spaces, ground, context);
  return { items, searched, losses };
}

async function queryVectors(
  { queries, medium }: SearchWish,
  spaces: readonly OpenSpace[],
  ground: Ground,
  context: CallContext,
): Promise<{ space: OpenSpace; vector: Float32Array }[]> {
  const texts = queries.filter((query) => query.trim() !== '');
  const found: { space: OpenSpace; vector: Float32Array }[] = [];
  for (const space of spaces) {
    if (texts.length === 0) break;
    const vectors =
      space.kind === 'text'
        ? (await embed({ texts, purpose: 'query' }, space.embedder, context)).vectors
        : await space.embedder.texts(texts, context, 'query');
    for (const vector of vectors) found.push({ space, vector });
  }
  if (medium === undefined) return found;
  const part = await takeMedia(medium, { part: 'query', ...ground.parts.taking, ...context });
  try {
    const before = found.length;
    for (const space of spaces) {
      const vector = space.kind === 'media' ? await vectorOfMedium(part, space, ground.parts, context) : null;
      if (vector !== null) found.push({ space, vector });
    }
    if (found.length === before) throw noPlaceFor(part);
  } finally {
    await part.close();
  }
  return found;
}

async function rankingIn(
  { space }: OpenSpace,
  vector: Float32Array,
  { tenant, stores, modality, filter, limit, threshold }: SearchWish,
  ground: Ground,
  signal: AbortSignal,
): Promise<Ranking> {
  const engine = await ground.engine(signal);
  const most = Math.min(MOST_ASKED, limit * DEEPER);
  const hits: Hit[] = [];
  for (const store of stores) {
    const found = await engine.search(
      space.id,
      { vector, limit: most, which: { tenant, store, modality, filter } },
      signal,
    );
    hits.push(...found.hits);
  }
  // Several stores, one space: these similarities may be compared.
  const best = hits.sort((a, b) => b.similarity - a.similarity || (a.item.id < b.item.id ? -1 : 1)).slice(0, most);
  return {
    space: space.id,
    hits: best.filter(({ similarity }) => similarity > UNRELATED && similarity >= (threshold ?? 0)),
  };
}

/** A picture is one thing however many spaces it is in; of texts and recordings each piece is one. */
function keyOf({ id, file, modality }: StoredItem): string {
  return modality === 'image' ? file : id;
}

const KINDS = ['audio', 'image', 'video', 'document', 'text'] as const;

/** A space of pictures always finds some picture: without a limit its first ranks would take half of every answer, fitting or not. */
function halfEach(limit: number): Partial<Record<MediaKind, number>> {
  const half = Math.max(1, Math.ceil(limit / 2));
  return Object.fromEntries(KINDS.map((kind) => [kind, half]));
}

async function toldOf(
  { item, fusion, places }: Fused,
  tenant: string,
  spaces: readonly OpenSpace[],
  pageOf: (item: StoredItem) => Promise<number | null>,
  ground: Ground,
): Promise<FoundItem> {
  const file = await ground.records(tenant).files.read(item.file);
  const page = await pageOf(item);
  const named = places.map((place) => ({
    ...place,
    embedder: spaces.find(({ space }) => space.id === place.space)?.embedder.id ?? 'unknown',
  }));
  return {
    ...{ store: item.store, file: item.file, filename: file?.filename ?? item.file, modality: item.modality },
    ...{ text: item.surrogate, fromMs: item.fromMs, toMs: item.toMs, page, attributes: item.attributes },
    ...{ fusion, places: named, why: whyOf(named) },
  };
}

/** On which page a piece stands; the pieces of a file are read once for all that was found in it. */
function pagesFor(tenant: string, { records }: Ground): (item: StoredItem) => Promise<number | null> {
  const files = new Map<string, Promise<Pieces | null>>();
  return async ({ id, file, store, modality }) => {
    if (modality !== 'document') return null;
    const reading = files.get(file) ?? records(tenant).pieces(store).read(file);
    files.set(file, reading);
    return (await reading)?.pieces.find((piece) => piece.item.id === id)?.page ?? null;
  };
}

function whyOf(places: FoundItem['places']): string {
  const words = places.map(
    ({ rank, embedder, similarity }) => `number ${rank} for ${embedder} (similarity ${similarity.toFixed(3)} there)`,
  );
  return `${words.join(' and ')}.`.replace(/^n/, 'N');
}

async function piecesIn(
  { tenant, stores, modality, filter }: SearchWish,
  spaces: readonly OpenSpace[],
  ground: Ground,
  signal: AbortSignal,
): Promise<number> {
  const engine = await ground.engine(signal);
  let searched = 0;
  for (const { space } of spaces) {
    for (const store of stores) searched += await engine.count(space.id, { tenant, store, modality, filter }, signal);
  }
  return searched;
}

/** Notes which files of the stores this search could not see: those not done, and those placed by embedders that are not set up now. */
async function noteUnsearched(
  { tenant, stores }: SearchWish,
  spaces: readonly OpenSpace[],
  { records }: Ground,
  context: CallContext,
): Promise<void> {
  const open = new Set(spaces.map(({ space }) => space.id));
  let unfinished = 0;
  let elsewhere = 0;
  for (const store of stores) {
    for (const { status, spaces: own } of await records(tenant).shelved(store).all()) {
      if (status !== 'completed') unfinished++;
      else if (own.some(({ space, pieces }) => pieces > 0 && !open.has(space))) elsewhere++;
    }
  }
  if (unfinished > 0) context.note(unseen(unfinished, 'are not in the store yet, or failed', null));
  if (elsewhere > 0) {
    const action = 'Add them again, or set embed.* as it was.';
    context.note(unseen(elsewhere, 'were put in with an embedder that is not set up now', action));
  }
}

function unseen(files: number, why: string, action: string | null): Loss {
  const message = `${files} files could not be found, or not by all there is of them: they ${why}.`;
  return lossOf({ kind: 'not-retrieved', stage: 'embed', extent: files, unit: 'files', message, action });
}

function nothingAsked(): SensoriumError {
  return new SensoriumError('store.bad-request', 'There is nothing to look for.', {
    hint: 'Give words, a picture or a recording.',
    details: { param: 'query' },
  });
}

function noPlaceFor({ media }: MediaPart): SensoriumError {
  return new SensoriumError('store.bad-request', `Nothing here can look for ${media.kind} by itself.`, {
    hint: 'Set embed.image or embed.audio, or ask in words.',
    details: { kind: media.kind },
  });
}
