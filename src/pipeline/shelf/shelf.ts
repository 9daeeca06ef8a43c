import { join } from 'node:path';
import type { Config } from '#config/index.ts';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { Attribute, SpaceStats, VectorStore } from '#contract/vector-store.ts';
import { type MediaInput, takeMedia } from '#media/index.ts';
import { lazy } from '../lazy.ts';
import type { Parts } from '../parts.ts';
import { dropFile, fileOf, keepPart, takeFile, type UploadAbout } from './files.ts';
import type { Ground } from './ground.ts';
import { openJobs } from './jobs.ts';
import { mediaFiles } from './media-files.ts';
import type { PlacingEvent } from './place-file.ts';
import {
  type Batch,
  newId,
  type Piece,
  recordsOf,
  type ShelfFile,
  type ShelfStore,
  type ShelvedFile,
  tenantsIn,
} from './records.ts';
import { type Findings, type SearchWish, searchShelf } from './search.ts';
import {
  beginShelving,
  cancelShelving,
  goOnShelving,
  removeShelved,
  type ShelveWish,
  setAttributes,
  shelvedOf,
} from './shelving.ts';
import type { OpenSpace } from './spaces.ts';
import {
  activeStore,
  changeStore,
  createStore,
  removeStore,
  type StoreView,
  type StoreWish,
  storeCalled,
  storeOf,
  viewOf,
} from './stores.ts';

/** What becomes of a file that is added while somebody waits. */
export interface Added {
  readonly file: ShelfFile;
  readonly shelved: ShelvedFile;
  /** The same bytes lay there already, put in the same way. */
  readonly wasThere: boolean;
}

/** What is in one space of a vector store, and what its engine says of the whole space. */
export interface SpaceReport {
  readonly space: string;
  readonly embedder: string;
  readonly dimensions: number;
  readonly pieces: number;
  readonly whole: SpaceStats;
}

/** Vector stores with their files, for many tenants: nobody sees another’s. Every call throws `store.*`. */
export interface Shelf {
  upload(tenant: string, input: MediaInput, about: UploadAbout, signal: AbortSignal): Promise<ShelfFile>;
  file(tenant: string, id: string): Promise<ShelfFile>;
  files(tenant: string): Promise<readonly ShelfFile[]>;
  /** The bytes of a file, where they are kept. */
  content(tenant: string, id: string): Promise<{ readonly file: ShelfFile; readonly bytes: AsyncIterable<Uint8Array> }>;
  /** Forgets a file and takes it out of every store. */
  removeFile(tenant: string, id: string, signal: AbortSignal): Promise<void>;

  create(tenant: string, wish: StoreWish): Promise<StoreView>;
  store(tenant: string, id: string): Promise<StoreView>;
  /** The store of that id or name; `make` makes one where there is none. */
  called(tenant: string, name: string, make?: boolean): Promise<StoreView>;
  stores(tenant: string): Promise<readonly StoreView[]>;
  change(tenant: string, id: string, wish: StoreWish): Promise<StoreView>;
  removeStore(tenant: string, id: string, signal: AbortSignal): Promise<void>;

  /** Lines a file up to be put into a store, and goes on by itself. */
  shelve(tenant: string, store: string, file: string, wish: ShelveWish, signal: AbortSignal): Promise<ShelvedFile>;
  /** Takes a medium in and puts it into a store while the caller waits. */
  add(
    tenant: string,
    store: string,
    input: MediaInput,
    wish: ShelveWish,
    told: (event: PlacingEvent) => void,
    signal: AbortSignal,
  ): Promise<Added>;
  shelved(tenant: string, store: string, file: string): Promise<ShelvedFile>;
  shelvedFiles(tenant: string, store: string): Promise<readonly ShelvedFile[]>;
  pieces(tenant: string, store: string, file: string): Promise<readonly Piece[]>;
  setAttributes(
    tenant: string,
    store: string,
    file: string,
    attributes: Readonly<Record<string, Attribute>>,
    signal: AbortSignal,
  ): Promise<ShelvedFile>;
  unshelve(tenant: string, store: string, file: string, signal: AbortSignal): Promise<void>;

  shelveBatch(
    tenant: string,
    store: string,
    files: readonly { readonly file: string; readonly wish: ShelveWish }[],
    signal: AbortSignal,
  ): Promise<Batch>;
  batch(
    tenant: string,
    store: string,
    id: string,
  ): Promise<{ readonly batch: Batch; readonly files: readonly ShelvedFile[] }>;
  /** Stops what of a batch is not done yet. */
  cancelBatch(tenant: string, store: string, id: string, signal: AbortSignal): Promise<void>;

  search(wish: SearchWish, signal: AbortSignal): Promise<Findings>;
  stats(tenant: string, store: string, signal: AbortSignal): Promise<readonly SpaceReport[]>;
  /** Brings the engine's indexes up to date, for all stores at once; says which spaces it went through. */
  optimize(signal: AbortSignal): Promise<readonly string[]>;

  /** Goes on with everything a process that is gone has begun; says with how many files. */
  resume(): Promise<number>;
  /** Resolves when nothing that was lined up is left. */
  idle(): Promise<void>;
  /** Where the bytes of a file lie, as something to take in. */
  inputOf(file: ShelfFile): MediaInput;
  close(): Promise<void>;
}

export interface ShelfOptions {
  readonly home: string;
  readonly settings: Config['store'];
  readonly parts: Parts;
  /** Opens the engine, its own folder given. */
  openEngine(folder: string): Promise<VectorStore>;
  /** What makes vectors here, the text space first. */
  openSpaces(signal: AbortSignal): Promise<readonly OpenSpace[]>;
  readonly now?: (() => number) | undefined;
}

/** Opens the shelf; engine and embedders are opened when first needed. */
export function openShelf({ home, settings, parts, openEngine, openSpaces, now = Date.now }: ShelfOptions): Shelf {
  const folder = settings.folder ?? join(home, 'store');
  const engine = lazy<VectorStore>(() => openEngine(join(folder, 'vectors')));
  const spaces = lazy<readonly OpenSpace[]>((signal) => openedIn(ground, openSpaces, signal));
  const ground: Ground = {
    ...{ folder, settings, parts, now, media: mediaFiles(join(folder, 'media')) },
    records: (tenant) => recordsOf(folder, tenant),
    engine: engine.get,
    spaces: (signal) => spaces.get(signal),
  };
  const jobs = openJobs();
  const nameOf = (tenant: string, store: string, file: string) => `${tenant}/${store}/${file}`;

  function lineUp(tenant: string, begun: ShelvedFile): void {
    if (begun.status !== 'in_progress') return;
    jobs.begin(nameOf(tenant, begun.store, begun.id), (signal) =>
      goOnShelving(tenant, begun, ground, () => {}, signal),
    );
  }

  async function unshelve(tenant: string, store: string, file: string, signal: AbortSignal): Promise<void> {
    await shelvedOf(tenant, store, file, ground);
    await jobs.stop(nameOf(tenant, store, file));
    await removeShelved(tenant, store, file, ground, signal);
  }

  async function viewed(tenant: string, store: Promise<ShelfStore>): Promise<StoreView> {
    return viewOf(tenant, await store, ground);
  }

  async function batchOf(tenant: string, store: string, id: string): Promise<Batch> {
    const batch = await ground.records(tenant).batches(store).read(id);
    if (batch) return batch;
    throw new SensoriumError('store.unknown', 'There is no such batch.', { details: { param: 'batch_id' } });
  }

  return {
    upload: (tenant, input, about, signal) => takeFile(tenant, input, about, ground, signal),
    file: (tenant, id) => fileOf(tenant, id, ground),
    async files(tenant) {
      const all = await ground.records(tenant).files.all();
      return inOrder(all.filter(({ expiresMs }) => expiresMs === null || expiresMs > now()));
    },
    async content(tenant, id) {
      const file = await fileOf(tenant, id, ground);
      if (file.kept && (await ground.media.has(file.sha256))) return { file, bytes: ground.media.stream(file.sha256) };
      throw new SensoriumError('store.unknown', `The bytes of ${file.filename} are not kept.`, {
        hint: 'Only its text is (store.keepMedia).',
      });
    },
    async removeFile(tenant, id, signal) {
      const file = await fileOf(tenant, id, ground);
      for (const store of await ground.records(tenant).stores.ids()) {
        if (await ground.records(tenant).shelved(store).read(id)) await unshelve(tenant, store, id, signal);
      }
      await dropFile(tenant, file, ground);
    },

    create: (tenant, wish) => viewed(tenant, createStore(tenant, wish, ground)),
    store: (tenant, id) => viewed(tenant, storeOf(tenant, id, ground)),
    async called(tenant, name, make = false) {
      const found = await storeCalled(tenant, name, ground).catch((error: unknown) => {
        if (make && isSensoriumError(error) && error.code === 'store.unknown') return null;
        throw error;
      });
      return viewed(tenant, Promise.resolve(found ?? createStore(tenant, { name }, ground)));
    },
    async stores(tenant) {
      const all = inOrder(await ground.records(tenant).stores.all());
      return Promise.all(all.map((store) => viewOf(tenant, store, ground)));
    },
    change: (tenant, id, wish) => viewed(tenant, changeStore(tenant, id, wish, ground)),
    async removeStore(tenant, id, signal) {
      await storeOf(tenant, id, ground);
      for (const file of await ground.records(tenant).shelved(id).ids()) await jobs.stop(nameOf(tenant, id, file));
      await removeStore(tenant, id, ground, signal);
    },

    async shelve(tenant, store, file, wish, signal) {
      const begun = await beginShelving(tenant, store, file, wish, ground, signal);
      lineUp(tenant, begun);
      return begun;
    },
    async add(tenant, store, input, wish, told, signal) {
      const file = await takenOnce(tenant, store, input, ground, signal);
      const begun = await beginShelving(tenant, store, file.id, wish, ground, signal);
      if (begun.status === 'completed') return { file, shelved: begun, wasThere: true };
      return { file, shelved: await goOnShelving(tenant, begun, ground, told, signal), wasThere: false };
    },
    shelved: (tenant, store, file) => shelvedOf(tenant, store, file, ground),
    async shelvedFiles(tenant, store) {
      await storeOf(tenant, store, ground);
      return inOrder(await ground.records(tenant).shelved(store).all());
    },
    async pieces(tenant, store, file) {
      await shelvedOf(tenant, store, file, ground);
      return (await ground.records(tenant).pieces(store).read(file))?.pieces ?? [];
    },
    async setAttributes(tenant, store, file, attributes, signal) {
      return setAttributes(tenant, store, file, attributes, ground, signal);
    },
    unshelve,

    async shelveBatch(tenant, store, files, signal) {
      await activeStore(tenant, store, ground);
      for (const { file } of files) await fileOf(tenant, file, ground);
      const batch: Batch = { id: newId('vsfb_'), store, createdMs: now(), files: files.map(({ file }) => file) };
      await ground.records(tenant).batches(store).write(batch.id, batch);
      for (const { file, wish } of files) {
        lineUp(tenant, await beginShelving(tenant, store, file, { ...wish, batch: batch.id }, ground, signal));
      }
      return batch;
    },
    async batch(tenant, store, id) {
      const batch = await batchOf(tenant, store, id);
      const files = await Promise.all(batch.files.map((file) => ground.records(tenant).shelved(store).read(file)));
      return { batch, files: files.filter((file) => file !== null) };
    },
    async cancelBatch(tenant, store, id, signal) {
      const { files } = await batchOf(tenant, store, id);
      for (const file of files) {
        // Only what has stopped cannot be done a moment later.
        await jobs.stop(nameOf(tenant, store, file));
        await cancelShelving(tenant, store, file, ground, signal);
      }
    },

    search: (wish, signal) => searchShelf(wish, ground, signal),
    async stats(tenant, store, signal) {
      await storeOf(tenant, store, ground);
      const opened = await ground.engine(signal);
      const reports: SpaceReport[] = [];
      for (const { id, embedder, dimensions } of await opened.spaces(signal)) {
        const pieces = await opened.count(id, { tenant, store }, signal);
        if (pieces > 0) {
          reports.push({ space: id, embedder, dimensions, pieces, whole: await opened.stats(id, signal) });
        }
      }
      return reports;
    },
    async optimize(signal) {
      const opened = await ground.engine(signal);
      const all = await opened.spaces(signal);
      for (const { id } of all) await opened.optimize(id, signal);
      return all.map(({ id }) => id);
    },

    async resume() {
      let left = 0;
      for (const tenant of await tenantsIn(folder)) {
        for (const store of await ground.records(tenant).stores.ids()) {
          for (const shelved of await ground.records(tenant).shelved(store).all()) {
            if (shelved.status !== 'in_progress' || isAlive(shelved.worker)) continue;
            const taken = { ...shelved, worker: process.pid };
            await ground.records(tenant).shelved(store).write(shelved.id, taken);
            lineUp(tenant, taken);
            left++;
          }
        }
      }
      return left;
    },
    idle: jobs.idle,
    inputOf: ground.media.inputOf,
    async close() {
      await jobs.close();
      await (await engine.made?.catch(() => null))?.close();
    },
  };
}

/** The file of these bytes that lies in this store already, in whatever state, or a new one. */
async function takenOnce(
  tenant: string,
  store: string,
  input: MediaInput,
  ground: Ground,
  signal: AbortSignal,
): Promise<ShelfFile> {
  const part = await takeMedia(input, { part: 'part-1', ...ground.parts.taking, signal, note: () => {} });
  try {
    const records = ground.records(tenant);
    const shelved = new Set(await records.shelved(store).ids());
    const same = (await records.files.all()).find(({ id, sha256 }) => sha256 === part.media.sha256 && shelved.has(id));
    if (same && same.expiresMs === null) {
      if (same.kept) return same;
      const done = await records.shelved(store).read(same.id);
      if (done?.status === 'completed') return same;
    }
    return await keepPart(tenant, part, { purpose: 'user_data' }, ground, signal);
  } finally {
    await part.close();
  }
}

async function openedIn(
  ground: Ground,
  openSpaces: ShelfOptions['openSpaces'],
  signal: AbortSignal,
): Promise<readonly OpenSpace[]> {
  const spaces = await openSpaces(signal);
  const engine = await ground.engine(signal);
  for (const { space } of spaces) await engine.open(space, signal);
  return spaces;
}

function inOrder<T extends { readonly id: string; readonly createdMs: number }>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
}

function isAlive(pid: number | null): boolean {
  if (pid === null || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
