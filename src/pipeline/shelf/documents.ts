import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import { SensoriumError } from '#contract/error.ts';

/** JSON documents of one kind in a folder, a file each. What a resolved `write` wrote survives the killing of the process. */
export interface Documents<T> {
  /** `null` where there is none, or what lies there cannot be read as one. */
  read(id: string): Promise<T | null>;
  write(id: string, document: T): Promise<void>;
  remove(id: string): Promise<void>;
  ids(): Promise<string[]>;
  /** Every document; read again only when something in the folder has changed. Not to be changed by who gets them. */
  all(): Promise<readonly T[]>;
}

const SAFE = /^[A-Za-z0-9][\w.-]{0,99}$/;
const ENDING = '.json';
let writes = 0;

/** Whole folders as they were read, each with the time of its last change: every write renames a file into it. */
const known = new LRUCache<string, { readonly changed: bigint; readonly documents: readonly unknown[] }>({ max: 256 });
/** A file system may give two changes the same time; what has been still for so long has another by the next change. */
const STILL_MS = 100;

/** Opens a folder of documents; it is made when something is first written. Throws `store.disk-full`, `store.unusable`. */
export function documents<T>(folder: string, schema: z.ZodType<T>): Documents<T> {
  const pathOf = (id: string) => join(folder, `${id}${ENDING}`);
  const self: Documents<T> = {
    async read(id) {
      if (!SAFE.test(id)) return null;
      const text = await readFile(pathOf(id), 'utf8').catch(unlessMissing);
      return text === null ? null : (schema.safeParse(parsed(text)).data ?? null);
    },
    async write(id, document) {
      if (!SAFE.test(id)) throw new Error(`${id} is no name of a document.`);
      await writeWhole(folder, pathOf(id), JSON.stringify(document));
    },
    async remove(id) {
      if (SAFE.test(id)) await rm(pathOf(id), { force: true });
    },
    async ids() {
      const names = (await readdir(folder).catch(unlessMissing)) ?? [];
      return names.filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length));
    },
    async all() {
      const changed = await changedAt(folder);
      const before = known.get(folder);
      if (changed !== null && before?.changed === changed) return before.documents as readonly T[];
      const found: T[] = [];
      for (const id of await self.ids()) {
        const document = await self.read(id);
        if (document !== null) found.push(document);
      }
      const isStill = changed !== null && Date.now() - Number(changed / 1_000_000n) > STILL_MS;
      if (isStill && (await changedAt(folder)) === changed) known.set(folder, { changed, documents: found });
      return found;
    },
  };
  return self;
}

async function changedAt(folder: string): Promise<bigint | null> {
  return stat(folder, { bigint: true }).then(
    ({ mtimeNs }) => mtimeNs,
    () => null,
  );
}

/** Writes a file so that a reader, now or after a crash, finds all of it or what was there before. */
async function writeWhole(folder: string, path: string, text: string): Promise<void> {
  const part = `${path}.${process.pid}-${++writes}.part`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw writingError(error);
  }
}

/** Makes the names in a folder last; some systems cannot, and theirs last by themselves. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** What a failed write to the store's folder is told as. */
export function writingError(error: unknown): unknown {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const hint = 'Free some space where store.folder lies, then try again.';
    return new SensoriumError('store.disk-full', 'The disk is full.', { hint, cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') {
    const hint = 'Give this user the right to write there, or set store.folder to another folder.';
    return new SensoriumError('store.unusable', 'The folder of the store cannot be written to.', {
      hint,
      cause: error,
    });
  }
  return error;
}

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
