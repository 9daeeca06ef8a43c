import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import { temporaryFolder } from '#kit/temporary.ts';
import { type CatalogueEntry, type CatalogueFile, checkEntry, openCatalogue } from '../catalogue.ts';
import { asStoreError } from '../failures.ts';
import { catalogueFolderOf, type ModelStoreSettings, SOURCE_TIMEOUTS } from '../settings.ts';
import { download } from '../sources/download.ts';
import { SourceFailure } from '../sources/source.ts';
import { type HubFile, type HubListing, listRepository } from './listing.ts';

/** A model on a Hugging Face hub that is to be had by a name of its own. */
export interface HubModel {
  /** `owner/name`. */
  readonly repository: string;
  /** A branch, tag or commit; the entry pins the commit it stands for now. `main` unless said otherwise. */
  readonly revision?: string | undefined;
  /** Paths in the repository, all needed. Those of a recogniser or embedder (by `stage`) in the hub's ONNX layout unless said otherwise. */
  readonly files?: readonly string[] | undefined;
  /** What it is called from now on: the repository's name in small letters unless said otherwise. */
  readonly id?: string | undefined;
  readonly stage: CatalogueEntry['stage'];
  readonly settings: ModelStoreSettings;
}

const NEEDED = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'onnx/encoder_model_quantized.onnx',
  'onnx/decoder_model_merged_quantized.onnx',
];
const WELCOME = ['preprocessor_config.json', 'tokenizer_config.json'];
const MAX_FILES = 200;
/** Files that git itself keeps; the hub takes none over 10 MB. */
const MAX_SMALL_BYTES = 32 * 2 ** 20;

/**
 * Writes an entry for a model on the hub into the user's own catalogue folder and says where: each file pinned by commit and
 * SHA-256, so that from then on it is verified as ours are. Small files are fetched once, to be hashed; nothing else is.
 * Throws `config.invalid` for a name that cannot be, `models.unknown-model` when the repository or a file is not there,
 * `models.offline`, `models.unreachable`, `models.checksum-mismatch` when a file is not what the hub lists.
 */
export async function entryFromHub(
  wanted: HubModel,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly path: string; readonly entry: CatalogueEntry }> {
  const { repository, revision = 'main', settings } = wanted;
  if (!/^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(repository)) {
    throw new SensoriumError('config.invalid', `${JSON.stringify(repository.slice(0, 80))} is no repository's name.`, {
      hint: 'Give it as owner/name, such as onnx-community/whisper-small.',
    });
  }
  const id = wanted.id ?? repository.replace(/^.*\//, '').toLowerCase();
  const folder = catalogueFolderOf(settings);
  if (!folder) throw new SensoriumError('config.invalid', 'There is no folder for catalogue entries of your own.', {});
  if (openCatalogue().ids().includes(id)) {
    throw new SensoriumError('config.invalid', `There is already a model called ${id}.`, {
      hint: 'Give yours another id.',
    });
  }
  const listing = await listRepository(repository, revision, settings, signal);
  const found = chosenFiles(listing, wanted);
  const files = await pinned(found, { repository, commit: listing.sha, settings, signal });
  const value = {
    id,
    title: `${repository} from the Hugging Face hub`,
    stage: wanted.stage,
    license: spdxOf(listing.cardData?.license),
    languages: languagesOf(listing.cardData?.language),
    homepage: `${settings.hf.endpoint.replace(/\/+$/, '')}/${repository}`,
    files,
  };
  const path = join(folder, `${id}.json`);
  const entry = checkEntry(value, id, path);
  await write(folder, path, entry);
  return { id, path, entry };
}

/** The files of an embedder: two towers of texts and media with how media are prepared, or one graph for texts. */
function embedderFiles(has: (path: string) => boolean): string[] {
  const graph = (name: string) => [`onnx/${name}_quantized.onnx`, `onnx/${name}.onnx`].find(has);
  const [text, media] = [graph('text_model'), graph('vision_model') ?? graph('audio_model')];
  const towers = text !== undefined && media !== undefined;
  const graphs = towers ? [text, media] : [graph('model') ?? 'onnx/model_quantized.onnx'];
  return [
    ...['config.json', 'tokenizer.json', 'tokenizer_config.json'],
    ...(towers ? ['preprocessor_config.json'] : []),
    ...graphs,
    ...graphs.map((path) => `${path}_data`).filter(has),
  ];
}

function chosenFiles({ siblings }: HubListing, { repository, files, stage }: HubModel): HubFile[] {
  const byPath = new Map(siblings.map((file) => [file.rfilename, file]));
  const has = (path: string) => byPath.has(path);
  const usual = () => (stage === 'embed' ? embedderFiles(has) : [...NEEDED, ...WELCOME.filter(has)]);
  const paths = files ?? usual();
  const missing = paths.filter((path) => !byPath.has(path));
  if (missing.length > 0 || paths.length === 0 || paths.length > MAX_FILES) {
    const other = siblings.map((file) => file.rfilename).filter((path) => path.endsWith('.onnx'));
    throw new SensoriumError(
      'models.unknown-model',
      missing.length > 0
        ? `${repository} does not have ${missing.join(', ')}.`
        : `${repository}: between one and ${MAX_FILES} files can be named, not ${paths.length}.`,
      { hint: `Name the files you want. Its ONNX files: ${other.slice(0, 20).join(', ') || 'none'}.` },
    );
  }
  return [...new Set(paths)].flatMap((path) => byPath.get(path) ?? []);
}

interface Place {
  readonly repository: string;
  readonly commit: string;
  readonly settings: ModelStoreSettings;
  readonly signal: AbortSignal;
}

async function pinned(files: readonly HubFile[], place: Place): Promise<CatalogueFile[]> {
  const pins: CatalogueFile[] = [];
  const scratch = await temporaryFolder();
  try {
    for (const file of files) {
      const { rfilename: path, lfs } = file;
      const huggingface = { repository: place.repository, revision: place.commit, path };
      const sha256 =
        lfs?.sha256 ??
        createHash('sha256')
          .update(await fetched(file, place, scratch.path))
          .digest('hex');
      pins.push({ path, sha256, sizeBytes: lfs?.size ?? file.size, sources: { huggingface } });
    }
  } finally {
    await scratch.close();
  }
  return pins;
}

/** A small file's content, which must be what git's hash of it says: the SHA-1 of `blob <bytes>\0` and the content. */
async function fetched(file: HubFile, place: Place, scratch: string): Promise<Buffer> {
  const { settings, signal } = place;
  const { rfilename: path, size: sizeBytes } = file;
  if (sizeBytes > MAX_SMALL_BYTES) {
    throw new SensoriumError(
      'models.unreachable',
      `The hub says no SHA-256 of ${path}, which is ${sizeBytes} bytes.`,
      {},
    );
  }
  const target = join(scratch, 'file');
  await rm(target, { force: true });
  const name = path.split('/').map(encodeURIComponent).join('/');
  const url = `${settings.hf.endpoint.replace(/\/+$/, '')}/${place.repository}/resolve/${place.commit}/${name}`;
  const timeouts = { ...SOURCE_TIMEOUTS, ...settings.timeouts };
  try {
    const rest = { token: settings.hf.token, target, timeouts, signal, onBytes: () => {} };
    await download({ url, file: { sha256: '', sizeBytes }, ...rest });
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw await asStoreError(error, place.repository, scratch, sizeBytes);
    throw new SensoriumError('models.unreachable', `${path} of ${place.repository}: ${error.message}.`, {
      hint: 'Check the network, or name another hub with HF_ENDPOINT.',
    });
  }
  const content = await readFile(target);
  const blob = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  if (blob === file.blobId) return content;
  throw new SensoriumError('models.checksum-mismatch', `${path} of ${place.repository} is not what the hub lists.`, {
    hint: 'Nothing of it was kept. Try again later, or name another hub with HF_ENDPOINT.',
  });
}

async function write(folder: string, path: string, entry: CatalogueEntry): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(`${path}.${process.pid}`, `${JSON.stringify(entry, null, 2)}\n`);
    await rename(`${path}.${process.pid}`, path);
  } catch (error) {
    await rm(`${path}.${process.pid}`, { force: true });
    throw await asStoreError(error, entry.id, folder, 0);
  }
}

// The hub writes licences in small letters (huggingface.co/docs/hub/repositories-licenses); SPDX does not.
const SPDX: Readonly<Record<string, string>> = {
  mit: 'MIT',
  'apache-2.0': 'Apache-2.0',
  'cc-by-4.0': 'CC-BY-4.0',
  'cc-by-nc-4.0': 'CC-BY-NC-4.0',
  'bsd-3-clause': 'BSD-3-Clause',
};

function spdxOf(license: string | undefined): string {
  if (!license) return 'NOASSERTION';
  return SPDX[license] ?? `LicenseRef-${license.replaceAll(/[^A-Za-z0-9.-]/g, '-')}`;
}

function languagesOf(language: string | readonly string[] | undefined): string[] {
  const tags = [language ?? []].flat().filter((tag) => /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(tag));
  return tags.length > 0 ? tags : ['und'];
}
