import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { unusable } from '../folders.ts';
import type { SentenceModel } from './model.ts';

/** The model's graph in a folder. Throws `embed.model-unusable`. */
export async function graphIn(folder: string, { graphs }: SentenceModel): Promise<string> {
  for (const name of graphs) if (await isThere(join(folder, name))) return join(folder, name);
  throw unusable(folder, `${graphs.join(' or ')} is missing`);
}

/** Throws `embed.model-unusable` when a folder lacks one of the files. */
export async function mustHave(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) if (!(await isThere(join(folder, name)))) throw unusable(folder, `${name} is missing`);
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
