import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DownloadProgress } from '#contract/events.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { hashFile } from '#kit/hash-file.ts';
import type { CatalogueEntry, CatalogueFile } from './catalogue.ts';
import { asStoreError } from './failures.ts';
import { type Fetching, fetchVerified } from './fetch.ts';
import { type Installed, isPrepared, isUntouched, readInstalled, seenFile, writeInstalled } from './installed.ts';
import type { Preparation } from './prepare/preparation.ts';
import { type PreparationRegistry, runPreparation } from './prepare/run.ts';

export interface Pull extends Omit<Fetching, 'report'> {
  readonly entry: CatalogueEntry;
  readonly folder: string;
  readonly registry: PreparationRegistry;
  readonly preparations: readonly Preparation[];
  onProgress(progress: DownloadProgress): void;
}

/**
 * Brings a model's folder to what the catalogue says: what is there and right stays, the rest is fetched, then the
 * prepared files are made. Call it under the model's lock. Each file stands under its name only once it is verified.
 */
export async function pull(wanted: Pull): Promise<void> {
  const { entry, folder, workFolder, signal } = wanted;
  let installed = readInstalled(folder);
  const missing: CatalogueFile[] = [];
  try {
    await mkdir(workFolder, { recursive: true });
    for (const file of entry.files) {
      const path = join(folder, file.path);
      if (isUntouched(path, installed.files[file.path], file.sha256)) continue;
      if (await isRight(path, file, wanted)) installed = await noted(installed, file, folder);
      else missing.push(file);
    }
    while (missing[0]) {
      const part = await fetchVerified(missing[0], { ...wanted, report: reporter(wanted, missing[0]) });
      await place(part, join(folder, missing[0].path));
      installed = await noted(installed, missing[0], folder);
      missing.shift();
    }
    for (const preparation of wanted.preparations) {
      if (isPrepared(folder, preparation, installed)) continue;
      installed = await prepare(preparation, installed, wanted);
    }
    throwIfCancelled(signal);
    await rm(workFolder, { recursive: true, force: true });
  } catch (error) {
    const neededBytes = missing.reduce((sum, file) => sum + file.sizeBytes, 0);
    throw await asStoreError(error, entry.id, folder, neededBytes);
  }
}

// Files may be here without our note: copied by hand, or touched since.
async function isRight(path: string, file: CatalogueFile, wanted: Pull): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile() || info.size !== file.sizeBytes) return false;
  const report = reporter(wanted, file);
  const hash = await hashFile(path, wanted.signal, (bytes) => report('disk', 'verifying', bytes));
  return hash === file.sha256;
}

async function noted(installed: Installed, file: CatalogueFile, folder: string): Promise<Installed> {
  const seen = await seenFile(join(folder, file.path), file.sha256);
  const next = { ...installed, files: { ...installed.files, [file.path]: seen } };
  await writeInstalled(folder, next);
  return next;
}

async function prepare(preparation: Preparation, installed: Installed, wanted: Pull): Promise<Installed> {
  const { entry, folder, workFolder, signal } = wanted;
  const { output, version, inputs } = preparation;
  const tell = (state: DownloadProgress['state'], sizeBytes = 0) =>
    wanted.onProgress({
      model: entry.id,
      file: output,
      source: preparation.id,
      receivedBytes: sizeBytes,
      totalBytes: sizeBytes || null,
      state,
    });
  tell('preparing');
  const target = join(workFolder, 'prepared.part');
  await runPreparation(wanted.registry, preparation, { model: entry.id, folder, target }, signal);
  const hash = await hashFile(target, signal);
  await place(target, join(folder, output));
  const made = {
    version,
    inputs: Object.fromEntries(inputs.map((path) => [path, installed.files[path]?.sha256 ?? ''])),
    output: await seenFile(join(folder, output), hash),
  };
  const next = { ...installed, prepared: { ...installed.prepared, [preparation.id]: made } };
  await writeInstalled(folder, next);
  tell('done', made.output.sizeBytes);
  return next;
}

/** Moves a whole file to its final name, safe against a crash in between. */
async function place(part: string, path: string): Promise<void> {
  const file = await open(part, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await mkdir(dirname(path), { recursive: true });
  await rename(part, path);
}

const REPORT_EVERY_MS = 100;

/** Reports a file's progress; movement at most ten times a second. */
function reporter({ entry, onProgress }: Pull, file: CatalogueFile): Fetching['report'] {
  let lastMs = 0;
  let lastState = '';
  return (source, state, receivedBytes) => {
    const nowMs = Date.now();
    if (state === lastState && nowMs - lastMs < REPORT_EVERY_MS) return;
    lastMs = nowMs;
    lastState = state;
    onProgress({ model: entry.id, file: file.path, source, receivedBytes, totalBytes: file.sizeBytes, state });
  };
}
