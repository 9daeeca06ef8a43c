import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Loss } from '#contract/loss.ts';
import { Perception } from '#contract/perception.ts';

/** A part as text, with what was lost on the way. `part` in it is that of the request that made it. */
const Kept = z.object({ perception: Perception, losses: z.array(Loss) });
export type Kept = z.infer<typeof Kept>;

/** Media that were turned into text before, by what they were and what did it. */
export interface Memory {
  get(key: string): Promise<Kept | null>;
  keep(key: string, kept: Kept): Promise<void>;
}

/** The key of one conversion: everything its outcome depends on, so that whatever changes is done anew. */
export function memoryKey(about: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(about)).digest('hex');
}

/** Opens a memory of at most `maxBytes`. On disk it is readable by this user only, and what was not used longest goes first. */
export function openMemory(where: 'memory' | 'disk' | 'nothing', folder: string, maxBytes: number): Memory {
  if (where === 'nothing') return { get: async () => null, keep: async () => {} };
  return where === 'disk' ? onDisk(folder, maxBytes) : inMemory(maxBytes);
}

function inMemory(maxBytes: number): Memory {
  // As text: what is handed out may be changed by whoever gets it.
  const kept = new LRUCache<string, string>({ maxSize: maxBytes, sizeCalculation: (text) => text.length * 2 });
  return {
    async get(key) {
      const text = kept.get(key);
      return text === undefined ? null : (JSON.parse(text) as Kept);
    },
    async keep(key, one) {
      kept.set(key, JSON.stringify(one));
    },
  };
}

function onDisk(folder: string, maxBytes: number): Memory {
  const pathOf = (key: string) => join(folder, `${key}.json`);
  return {
    async get(key) {
      const text = await readFile(pathOf(key), 'utf8').catch(() => null);
      if (text === null) return null;
      const read = Kept.safeParse(parsed(text));
      if (!read.success) return null;
      await utimes(pathOf(key), new Date(), new Date()).catch(() => {});
      return read.data;
    },
    // Not being able to remember is no reason to fail: what was asked for is there.
    async keep(key, one) {
      const part = `${pathOf(key)}.${process.pid}.part`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(part, JSON.stringify(one), { mode: 0o600 });
        await rename(part, pathOf(key));
        await makeRoom(folder, maxBytes);
      } catch {
        await rm(part, { force: true }).catch(() => {});
      }
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function makeRoom(folder: string, maxBytes: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      return { path, size, mtimeMs };
    }),
  );
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= maxBytes) return;
    await rm(path, { force: true });
    total -= size;
  }
}
