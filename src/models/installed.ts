import { readFileSync, statSync } from 'node:fs';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogueEntry } from './catalogue.ts';
import type { Preparation } from './prepare/preparation.ts';

/** A file as it was when its hash was last seen to be right. Size and time tell whether it was touched since. */
export interface SeenFile {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** What the store knows of a model's folder without reading its files. Kept in the folder as `.installed.json`. */
export interface Installed {
  readonly files: Record<string, SeenFile>;
  readonly prepared: Record<string, Prepared>;
}

interface Prepared {
  readonly version: number;
  /** SHA-256 of each input when the output was made. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly output: SeenFile;
}

const NAME = '.installed.json';

/** Reads what is known; nothing when the model was never installed or the note is unreadable. */
export function readInstalled(folder: string): Installed {
  try {
    const read = JSON.parse(readFileSync(join(folder, NAME), 'utf8'));
    if (typeof read?.files === 'object' && typeof read?.prepared === 'object') return read;
  } catch {
    // Not there, or cut off: every file is then looked at anew.
  }
  return { files: {}, prepared: {} };
}

export async function writeInstalled(folder: string, installed: Installed): Promise<void> {
  const part = join(folder, `${NAME}.${process.pid}`);
  await mkdir(folder, { recursive: true });
  await writeFile(part, JSON.stringify(installed));
  await rename(part, join(folder, NAME));
}

/** Notes a file whose hash is known to be right. */
export async function seenFile(path: string, sha256: string): Promise<SeenFile> {
  const { size, mtimeMs } = await stat(path);
  return { sha256, sizeBytes: size, mtimeMs: Math.round(mtimeMs) };
}

/** Whether this file is as it was when it was last hashed. Costs one `stat`. */
export function isUntouched(path: string, seen: SeenFile | undefined, sha256?: string): boolean {
  if (!seen || (sha256 !== undefined && seen.sha256 !== sha256)) return false;
  const now = statSync(path, { throwIfNoEntry: false });
  return now !== undefined && now.size === seen.sizeBytes && Math.round(now.mtimeMs) === seen.mtimeMs;
}

/** Whether a prepared file stands for the preparation's present version and the present inputs. */
export function isPrepared(folder: string, preparation: Preparation, installed: Installed): boolean {
  const made = installed.prepared[preparation.id];
  if (!made || made.version !== preparation.version) return false;
  const inputsSame = preparation.inputs.every((path) => made.inputs[path] === installed.files[path]?.sha256);
  return inputsSame && isUntouched(join(folder, preparation.output), made.output);
}

/** Whether every file of a model is here, by its note: no file is read, so it is cheap enough for every start. */
export function isInstalled(folder: string, entry: CatalogueEntry, preparations: readonly Preparation[]): boolean {
  const installed = readInstalled(folder);
  return (
    entry.files.every((file) => isUntouched(join(folder, file.path), installed.files[file.path], file.sha256)) &&
    preparations.every((preparation) => isPrepared(folder, preparation, installed))
  );
}
