import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { ModelStore } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { type CatalogueEntry, openCatalogue } from './catalogue.ts';
import { asStoreError } from './failures.ts';
import { entryFromHub, type HubModel } from './hub/entry.ts';
import { isInstalled } from './installed.ts';
import { withLock } from './lock.ts';
import type { Preparation } from './prepare/preparation.ts';
import { type PreparationRegistry, REGISTRY } from './prepare/run.ts';
import { pull } from './pull.ts';
import { catalogueFolderOf, type ModelStoreSettings, type SourceId } from './settings.ts';
import { sizeOf } from './sources/client.ts';
import { SOURCES } from './sources/index.ts';
import { type ModelCheck, verify } from './verify.ts';

/** What is handed to every long call of the store. */
export type StoreContext = Parameters<ModelStore['ensure']>[1];

/** A model of the catalogue and whether it is here. */
export interface ModelStatus {
  readonly id: string;
  readonly title: string;
  readonly stage: CatalogueEntry['stage'];
  /** SPDX identifier of the weights' licence. */
  readonly license: string;
  /** BCP 47 tags; `mul` for many, `und` where language plays no part. */
  readonly languages: readonly string[];
  readonly homepage: string;
  readonly files: number;
  /** Of the files the catalogue pins, prepared files not counted. */
  readonly sizeBytes: number;
  readonly installed: boolean;
  readonly folder: string;
}

/** The model store as those see it who look after it. */
export interface LocalModelStore extends ModelStore {
  list(): Promise<readonly ModelStatus[]>;
  /** The same as `ensure`, by the name the command has. */
  pull(model: string, context: StoreContext): Promise<string>;
  /** Hashes every file. What is missing or damaged is fetched again by the next `ensure`. */
  verify(model: string, context: StoreContext): Promise<ModelCheck>;
  /** Removes a model's files, also half-fetched ones, and says how many bytes that freed. */
  remove(model: string): Promise<{ readonly freedBytes: number }>;
  /** Where the model is, or would be. */
  path(model: string): string;
  /** What a model is for; `null` where there is none of this name. */
  stageOf(model: string): CatalogueEntry['stage'] | null;
  /** Writes down a model of the hub, so that it can be fetched by a name of its own. Throws what `entryFromHub` throws. */
  add(model: Omit<HubModel, 'settings'>, signal: AbortSignal): Promise<{ readonly id: string; readonly path: string }>;
  /** Changes whenever one of the model's files would: a digest of what the catalogue pins and how the rest is prepared. */
  fingerprint(model: string): string;
}

/** Opens the store in `<home>/models`. Nothing is written before the first pull. */
export function createModelStore(
  settings: ModelStoreSettings,
  registry: PreparationRegistry = REGISTRY,
): LocalModelStore {
  const root = join(resolve(settings.home), 'models');
  const catalogue = openCatalogue(catalogueFolderOf(settings));
  const sources = orderOf(settings).flatMap((id) => SOURCES.filter((source) => source.id === id));
  const folderOf = (entry: CatalogueEntry) => join(root, entry.id);
  const workFolderOf = (entry: CatalogueEntry) => join(root, '.pulling', entry.id);

  function preparationsOf(entry: CatalogueEntry): readonly Preparation[] {
    return (entry.preparations ?? []).map((id) => {
      const found = registry.list.find((preparation) => preparation.id === id);
      if (found) return found;
      throw new SensoriumError(
        'config.invalid',
        `The catalogue entry ${entry.id} names an unknown preparation, ${id}.`,
        {
          hint: `Known preparations: ${registry.list.map((one) => one.id).join(', ') || 'none'}.`,
        },
      );
    });
  }

  async function locked<T>(entry: CatalogueEntry, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>) {
    try {
      return await withLock(workFolderOf(entry), signal, work);
    } catch (error) {
      throw await asStoreError(error, entry.id, root, 0);
    }
  }

  async function ensure(model: string, context: StoreContext): Promise<string> {
    throwIfCancelled(context.signal);
    const entry = catalogue.entry(model);
    const folder = folderOf(entry);
    const preparations = preparationsOf(entry);
    if (isInstalled(folder, entry, preparations)) return folder;
    const onProgress = context.onProgress ?? (() => {});
    await locked(entry, context.signal, async (signal) => {
      // Another process may have done it while we waited.
      if (isInstalled(folder, entry, preparations)) return;
      const workFolder = workFolderOf(entry);
      await pull({ entry, folder, workFolder, settings, sources, registry, preparations, signal, onProgress });
    });
    return folder;
  }

  return {
    ensure,
    pull: ensure,
    path: (model) => folderOf(catalogue.entry(model)),
    stageOf: (model) => (catalogue.ids().includes(model) ? catalogue.entry(model).stage : null),
    add: (model, signal) => entryFromHub({ ...model, settings }, signal),
    fingerprint(model) {
      const entry = catalogue.entry(model);
      const files = entry.files.map(({ path, sha256 }) => `${path} ${sha256}`);
      const prepared = preparationsOf(entry).map(({ id, version }) => `${id} ${version}`);
      return createHash('sha256')
        .update([...files, ...prepared].join('\n'))
        .digest('hex')
        .slice(0, 16);
    },
    async list() {
      return catalogue.ids().map((id) => {
        const entry = catalogue.entry(id);
        const { title, stage, license, languages, homepage, files } = entry;
        const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
        const installed = isInstalled(folderOf(entry), entry, preparationsOf(entry));
        const facts = { id, title, stage, license, languages, homepage };
        return { ...facts, files: files.length, sizeBytes, installed, folder: folderOf(entry) };
      });
    },
    async verify(model, context) {
      const entry = catalogue.entry(model);
      const preparations = preparationsOf(entry);
      return locked(entry, context.signal, (signal) =>
        verify(entry, folderOf(entry), preparations, signal, context.onProgress ?? (() => {})),
      );
    },
    async remove(model) {
      const entry = catalogue.entry(model);
      const folders = [folderOf(entry), workFolderOf(entry)];
      return locked(entry, new AbortController().signal, async () => {
        const sizes = await Promise.all(folders.map(sizeOf));
        await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
        return { freedBytes: sizes.reduce((sum, size) => sum + size, 0) };
      });
    },
  };
}

function orderOf({ sources, folder, mirror }: ModelStoreSettings): readonly SourceId[] {
  const local: SourceId[] = ['inline', ...(folder ? ['folder' as const] : []), ...(mirror ? ['mirror' as const] : [])];
  return [...local.filter((id) => !sources.includes(id)), ...sources];
}
