import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DownloadProgress } from '#contract/events.ts';
import { hashFile } from '#kit/hash-file.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { type Installed, readInstalled, type SeenFile, seenFile, writeInstalled } from './installed.ts';
import type { Preparation } from './prepare/preparation.ts';

/** What hashing every file of a model anew showed. */
export interface ModelCheck {
  readonly model: string;
  readonly folder: string;
  readonly good: boolean;
  readonly files: readonly { readonly path: string; readonly state: 'good' | 'missing' | 'damaged' }[];
}

/** Hashes every file, prepared ones too, and notes which are right, so that the next pull mends the others. */
export async function verify(
  entry: CatalogueEntry,
  folder: string,
  preparations: readonly Preparation[],
  signal: AbortSignal,
  onProgress: (progress: DownloadProgress) => void,
): Promise<ModelCheck> {
  const before = readInstalled(folder);
  const after: Installed = { files: {}, prepared: {} };
  const files: ModelCheck['files'][number][] = [];

  async function look(path: string, sha256: string): Promise<SeenFile | undefined> {
    const info = await stat(join(folder, path)).catch(() => null);
    const told = { model: entry.id, file: path, source: 'disk', totalBytes: info?.size ?? null };
    if (info) onProgress({ ...told, receivedBytes: 0, state: 'verifying' });
    const hash = info?.isFile() ? await hashFile(join(folder, path), signal) : null;
    files.push({ path, state: hash === null ? 'missing' : hash === sha256 ? 'good' : 'damaged' });
    if (hash !== sha256) return undefined;
    onProgress({ ...told, receivedBytes: info?.size ?? 0, state: 'done' });
    return seenFile(join(folder, path), sha256);
  }

  for (const file of entry.files) {
    const seen = await look(file.path, file.sha256);
    if (seen) after.files[file.path] = seen;
  }
  for (const { id, output: path } of preparations) {
    const made = before.prepared[id];
    const output = made ? await look(path, made.output.sha256) : undefined;
    if (made && output) after.prepared[id] = { ...made, output };
    if (!made) files.push({ path, state: 'missing' });
  }
  const anyThere = files.some((file) => file.state !== 'missing');
  if (anyThere) await writeInstalled(folder, after);
  return { model: entry.id, folder, good: files.every((file) => file.state === 'good'), files };
}
