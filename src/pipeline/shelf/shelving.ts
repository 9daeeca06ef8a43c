import { createHash } from 'node:crypto';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { Attribute } from '#contract/vector-store.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { fileOf, keepTextOnly } from './files.ts';
import type { Ground } from './ground.ts';
import { type PlacedFile, type PlacingEvent, placeFile, vectorOf } from './place-file.ts';
import type { Chunking, Piece, ShelfFile, ShelvedFile } from './records.ts';
import type { OpenSpace } from './spaces.ts';
import { activeStore } from './stores.ts';

/** How a file is to be put into a store. */
export interface ShelveWish {
  readonly attributes?: Readonly<Record<string, Attribute>> | undefined;
  readonly chunking?: Chunking | undefined;
  /** Language spoken in it, where it is known. */
  readonly language?: string | undefined;
  /** Only its words: nothing of the medium itself gets a place. */
  readonly textOnly?: boolean | undefined;
  readonly batch?: string | undefined;
}

/**
 * Writes down that a file is to be put into a store. What it returns is `completed` where the same bytes lie there already, put in the
 * same way: nothing is done twice; new attributes are taken over. Throws `store.unknown`.
 */
export async function beginShelving(
  tenant: string,
  storeId: string,
  fileId: string,
  wish: ShelveWish,
  ground: Ground,
  signal: AbortSignal,
): Promise<ShelvedFile> {
  const [store, file] = [await activeStore(tenant, storeId, ground), await fileOf(tenant, fileId, ground)];
  const records = ground.records(tenant).shelved(store.id);
  const settings = settingsOf(file, wish, await ground.spaces(signal), ground);
  const before = await records.read(file.id);
  const attributes = { ...(wish.attributes ?? before?.attributes) };
  if (before?.status === 'completed' && before.settings === settings) {
    if (wish.attributes === undefined || sameAttributes(before.attributes, attributes)) return before;
    return setAttributes(tenant, store.id, file.id, attributes, ground, signal);
  }
  if (!file.kept) throw notKept(file);
  const shelved: ShelvedFile = {
    ...{ id: file.id, store: store.id, createdMs: before?.createdMs ?? ground.now(), status: 'in_progress' },
    ...{ lastError: null, attributes, chunking: wish.chunking ?? null, language: wish.language ?? null },
    ...{ textOnly: wish.textOnly ?? false, batch: wish.batch ?? null, settings, spaces: [], usageBytes: 0 },
    ...{ losses: [], worker: process.pid },
  };
  await records.write(file.id, shelved);
  return shelved;
}

/**
 * Does what was begun: places the file, puts its pieces into the engine and writes down that it is done. What fails is written down with
 * its reason and thrown; what is cancelled stays `in_progress` for whoever goes on with it, unless somebody has written it is cancelled.
 */
export async function goOnShelving(
  tenant: string,
  begun: ShelvedFile,
  ground: Ground,
  told: (event: PlacingEvent) => void,
  signal: AbortSignal,
): Promise<ShelvedFile> {
  const records = ground.records(tenant).shelved(begun.store);
  const wanted = async () => (await records.read(begun.id))?.status === 'in_progress';
  try {
    const file = await fileOf(tenant, begun.id, ground);
    const spaces = await ground.spaces(signal);
    const ready = await alreadyPlaced(tenant, begun, file, ground);
    const placed =
      ready ??
      (await placeFile(
        file,
        { ...begun, tenant },
        { chunking: chunkingOf(begun, ground), spaces },
        ground,
        told,
        signal,
      ));
    throwIfCancelled(signal);
    if (!(await wanted())) throw stopped();
    const kept = { settings: begun.settings, losses: [...placed.losses], pieces: [...placed.pieces] };
    await ground.records(tenant).pieces(begun.store).write(begun.id, kept);
    await putPieces(tenant, begun.store, begun.id, placed.pieces, ground, signal);
    if (!(await wanted())) throw stopped();
    const done: ShelvedFile = {
      ...begun,
      ...{ status: 'completed', worker: null, losses: [...placed.losses], usageBytes: bytesOf(placed.pieces) },
      spaces: spaces.map(({ space, embedder }) => ({
        ...{ space: space.id, embedder: embedder.id },
        pieces: placed.pieces.filter((piece) => piece.space === space.id).length,
      })),
    };
    await records.write(begun.id, done);
    if (!ground.settings.keepMedia) await keepTextOnly(tenant, file, ground);
    return done;
  } catch (error) {
    if (!(await wanted())) {
      // Cancelled or removed meanwhile: nothing of it is to be found.
      await takeOut(tenant, begun.store, begun.id, ground, new AbortController().signal).catch(() => {});
    } else if (!signal.aborted) {
      await records.write(begun.id, { ...begun, status: 'failed', worker: null, lastError: lastErrorOf(error) });
    }
    throw error;
  }
}

/** Changes what may be said of a file, on every piece of it; nothing is embedded again. Throws `store.unknown`. */
export async function setAttributes(
  tenant: string,
  store: string,
  id: string,
  attributes: Readonly<Record<string, Attribute>>,
  ground: Ground,
  signal: AbortSignal,
): Promise<ShelvedFile> {
  const records = ground.records(tenant);
  const shelved = await shelvedOf(tenant, store, id, ground);
  const kept = await records.pieces(store).read(id);
  const pieces = (kept?.pieces ?? []).map((piece) => ({
    ...piece,
    item: { ...piece.item, attributes: { ...attributes } },
  }));
  if (kept) await records.pieces(store).write(id, { ...kept, pieces });
  if (shelved.status === 'completed') await putPieces(tenant, store, id, pieces, ground, signal);
  const changed = { ...shelved, attributes: { ...attributes } };
  await records.shelved(store).write(id, changed);
  return changed;
}

/** A file of a store. Throws `store.unknown`. */
export async function shelvedOf(tenant: string, store: string, id: string, { records }: Ground): Promise<ShelvedFile> {
  const shelved = await records(tenant).shelved(store).read(id);
  if (shelved) return shelved;
  throw new SensoriumError('store.unknown', 'There is no such file in this vector store.', {
    hint: 'GET /v1/vector_stores/{id}/files lists its files.',
    details: { param: 'file_id' },
  });
}

/** Takes a file out of a store: its pieces first, then the word that it was there. */
export async function removeShelved(
  tenant: string,
  store: string,
  id: string,
  ground: Ground,
  signal: AbortSignal,
): Promise<void> {
  const records = ground.records(tenant);
  await takeOut(tenant, store, id, ground, signal);
  await records.shelved(store).remove(id);
  await records.pieces(store).remove(id);
}

/** Writes down that a file which is not done is not to be; what of it lay in the engine is taken out. */
export async function cancelShelving(
  tenant: string,
  store: string,
  id: string,
  ground: Ground,
  signal: AbortSignal,
): Promise<void> {
  const records = ground.records(tenant).shelved(store);
  const shelved = await records.read(id);
  if (shelved?.status !== 'in_progress') return;
  await records.write(id, { ...shelved, status: 'cancelled', worker: null });
  await takeOut(tenant, store, id, ground, signal);
}

async function takeOut(
  tenant: string,
  store: string,
  file: string,
  ground: Ground,
  signal: AbortSignal,
): Promise<void> {
  const engine = await ground.engine(signal);
  for (const space of await engine.spaces(signal)) await engine.remove(space.id, { tenant, store, file }, signal);
}

/** So many vectors go to the engine at once. */
const AT_ONCE = 256;

async function putPieces(
  tenant: string,
  store: string,
  file: string,
  pieces: readonly Piece[],
  ground: Ground,
  signal: AbortSignal,
): Promise<void> {
  const engine = await ground.engine(signal);
  // Those of an earlier try may have been cut in another way.
  await takeOut(tenant, store, file, ground, signal);
  for (const space of new Set(pieces.map((piece) => piece.space))) {
    const own = pieces.filter((piece) => piece.space === space);
    for (let at = 0; at < own.length; at += AT_ONCE) {
      const lot = own.slice(at, at + AT_ONCE).map((piece) => ({ item: piece.item, vector: vectorOf(piece) }));
      await engine.put(space, lot, signal);
    }
  }
}

/** The pieces of the same bytes put in in the same way, from this try before it was broken off, or from another store of this tenant. */
async function alreadyPlaced(
  tenant: string,
  begun: ShelvedFile,
  file: ShelfFile,
  { records }: Ground,
): Promise<PlacedFile | null> {
  const own = records(tenant);
  const sameBytes = (await own.files.all()).filter(({ sha256 }) => sha256 === file.sha256);
  for (const store of await own.stores.ids()) {
    for (const { id } of sameBytes) {
      const kept = await own.pieces(store).read(id);
      if (kept?.settings !== begun.settings) continue;
      const pieces = kept.pieces.map((piece) => ({ ...piece, item: itemFor(piece, begun) }));
      return { pieces, losses: kept.losses };
    }
  }
  return null;
}

function itemFor({ item }: Piece, { id, store, attributes }: ShelvedFile): Piece['item'] {
  return { ...item, id: id + item.id.slice(item.id.indexOf(':')), file: id, store, attributes };
}

/** How its texts are cut: as was asked for, else as the configuration says. */
function chunkingOf({ chunking }: Pick<ShelvedFile, 'chunking'>, { settings }: Pick<Ground, 'settings'>): Chunking {
  return chunking ?? { maxTokens: settings.chunkTokens, overlap: settings.chunkOverlap };
}

/** Everything the pieces of a file depend on, as one word. */
function settingsOf(file: ShelfFile, wish: ShelveWish, spaces: readonly OpenSpace[], ground: Ground): string {
  const about = {
    ...{ version: 1, sha256: file.sha256, language: wish.language ?? null, textOnly: wish.textOnly ?? false },
    ...{ chunking: chunkingOf({ chunking: wish.chunking ?? null }, ground), senses: ground.parts.senses },
    spaces: spaces.map(({ space }) => space.id),
  };
  return createHash('sha256').update(JSON.stringify(about)).digest('hex');
}

function sameAttributes(one: ShelvedFile['attributes'], other: ShelvedFile['attributes']): boolean {
  const sorted = (given: ShelvedFile['attributes']) => JSON.stringify(Object.entries(given).sort());
  return sorted(one) === sorted(other);
}

function bytesOf(pieces: readonly Piece[]): number {
  return (
    pieces.reduce((sum, { item, vector }) => sum + Buffer.byteLength(item.surrogate) + (vector.length * 3) / 4, 0) | 0
  );
}

function lastErrorOf(error: unknown): ShelvedFile['lastError'] {
  if (!isSensoriumError(error)) return { code: 'server_error', message: 'Something went wrong here.' };
  const code = error.code.endsWith('.unsupported') ? 'unsupported_file' : 'invalid_file';
  const message = error.hint ? `${error.message} ${error.hint}` : error.message;
  return { code: error.blame === 'caller' ? code : 'server_error', message };
}

function notKept({ filename }: ShelfFile): SensoriumError {
  return new SensoriumError('store.unknown', `The bytes of ${filename} are not kept any more.`, {
    hint: 'Only text is kept here (store.keepMedia): upload the file again.',
    details: { param: 'file_id' },
  });
}

function stopped(): SensoriumError {
  return new SensoriumError('kit.cancelled', 'The file was taken out of the store, or its adding was cancelled.', {});
}
