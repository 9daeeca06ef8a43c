import { basename } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { Embedder, MediaEmbedder } from '#contract/ports.ts';
import type { LineOptions } from '#runtime/worker/host.ts';
import { folderNamed } from './engines/folders.ts';
import { embedderEntry } from './engines/index.ts';
import { isRemoteEmbedder, type RemoteOptions, remoteEmbedder, remoteMediaEmbedder } from './engines/remote/index.ts';
import { TOWER_KINDS } from './engines/towers/kinds.ts';

export interface OpenEmbedderOptions extends RemoteOptions, LineOptions {
  readonly threads?: number | undefined;
  /** The folder of a model of the store, fetched if need be. */
  modelDir(model: string): Promise<string>;
  /** Whether a name is that of an embedder which the user added to the store. */
  isAdded?(reference: string): boolean;
}

/** What `e5:/FOLDER` begins with. */
const FOLDERS_OF_TEXT = 'e5';

/**
 * Opens a text embedder: one that comes along (`multilingual-e5-small`), a multilingual E5 in a folder (`e5:/FOLDER`), or one behind an API
 * (`openai:text-embedding-3-small`). Throws `embed.unknown-model`, `embed.model-unusable`, what a server throws.
 */
export async function openEmbedder(
  reference: string,
  options: OpenEmbedderOptions,
  signal: AbortSignal,
): Promise<Embedder> {
  const named = folderNamed(reference);
  const { maxWaiting } = options;
  if (named?.kind === FOLDERS_OF_TEXT) {
    const { sentenceEmbedder } = await import('./engines/sentence/engine.ts');
    return sentenceEmbedder('e5', { id: `e5:${basename(named.folder)}`, modelDir: named.folder, maxWaiting });
  }
  if (isRemoteEmbedder(reference)) return remoteEmbedder(reference, options, signal);
  if (options.isAdded?.(reference)) {
    const { sentenceEmbedder } = await import('./engines/sentence/engine.ts');
    return sentenceEmbedder('e5', { id: reference, modelDir: await options.modelDir(reference), maxWaiting });
  }
  const { model, create } = embedderEntry(reference);
  return create(await options.modelDir(model), { maxWaiting });
}

/**
 * Opens an embedder of texts and one kind of media: `siglip2:/FOLDER`, `clip:/FOLDER`, `clap:/FOLDER`, or one behind an API
 * (`jina:jina-clip-v2`). Throws as `openEmbedder` does.
 */
export async function openMediaEmbedder(
  reference: string,
  options: OpenEmbedderOptions,
  signal: AbortSignal,
): Promise<MediaEmbedder> {
  const named = folderNamed(reference);
  const folder = named?.folder ?? (options.isAdded?.(reference) ? await options.modelDir(reference) : null);
  const { towerKindIn, towers } = await import('./engines/towers/engine.ts');
  const kind = named || folder === null ? towerKindNamed(named?.kind) : await towerKindIn(folder);
  if (folder !== null && kind) {
    const { threads, maxWaiting } = options;
    return towers(kind, folder, { threads, maxWaiting, signal });
  }
  if (isRemoteEmbedder(reference)) return remoteMediaEmbedder(reference, options, signal);
  throw new SensoriumError('embed.unknown-model', `${JSON.stringify(reference)} makes no vectors of media.`, {
    hint: `Known: ${TOWER_KINDS.map(({ name }) => `${name}:/FOLDER`).join(', ')}, and VENDOR:NAME.`,
  });
}

/** Refuses a name that no text embedder has; whether a folder or a server holds one shows when it is opened. Throws `embed.unknown-model`. */
export function checkEmbedder(reference: string, isAdded: (reference: string) => boolean = () => false): void {
  if (isAdded(reference)) return;
  const named = folderNamed(reference);
  if (named?.kind === FOLDERS_OF_TEXT || isMediaEmbedder(reference) || isRemoteEmbedder(reference)) return;
  if (named) {
    const kinds = [FOLDERS_OF_TEXT, ...TOWER_KINDS.map(({ name }) => name)];
    throw new SensoriumError('embed.unknown-model', `There is no kind of embedder called “${named.kind}”.`, {
      hint: `Kinds that are opened from a folder: ${kinds.join(', ')}.`,
    });
  }
  embedderEntry(reference);
}

/** Whether a reference is a folder of towers, which embed media beside texts. */
export function isMediaEmbedder(reference: string): boolean {
  return towerKindNamed(folderNamed(reference)?.kind) !== undefined;
}

function towerKindNamed(kind: string | undefined) {
  return TOWER_KINDS.find(({ name }) => name === kind);
}
