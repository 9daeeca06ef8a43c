import { readFileSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { StoredKey } from './key.ts';

const KeyFile = z.strictObject({ version: z.literal(1), keys: z.array(StoredKey) });

// Writing takes milliseconds; five seconds of others' writing means that something is wrong.
const LOCK_RETRIES = { retries: 200, factor: 1, minTimeout: 20, maxTimeout: 30, randomize: true };

/** The keys in `<home>/keys.json`; none when there is no such file. Throws `server.key-file-unusable`. */
export function readKeys(home: string): readonly StoredKey[] {
  let text: string;
  try {
    text = readFileSync(pathIn(home), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unusable('cannot be read', 'Check who owns it.', error);
  }
  try {
    return KeyFile.parse(JSON.parse(text)).keys;
  } catch (error) {
    throw unusable('is broken', 'Mend it, or delete it and create the keys anew.', error);
  }
}

/** What tells one state of the file from the next; the empty text when it is not there. Costs one `stat`. */
export function stateOf(home: string): string {
  const now = statSync(pathIn(home), { throwIfNoEntry: false });
  return now === undefined ? '' : `${now.ino} ${now.size} ${now.mtimeMs}`;
}

/**
 * Replaces the keys by what `change` makes of them: one writer at a time, readable by its owner only, and never half
 * written. Throws `server.key-file-unusable`.
 */
export async function changeKeys(
  home: string,
  change: (keys: readonly StoredKey[]) => readonly StoredKey[],
): Promise<void> {
  const path = pathIn(home);
  const part = `${path}.${process.pid}.part`;
  let lost = false;
  try {
    await mkdir(home, { recursive: true });
    const release = await lock(path, {
      realpath: false,
      retries: LOCK_RETRIES,
      onCompromised: () => {
        lost = true;
      },
    });
    try {
      const text = `${JSON.stringify({ version: 1, keys: change(readKeys(home)) }, null, 2)}\n`;
      await rm(part, { force: true });
      const file = await open(part, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      if (lost) throw unusable('was taken over by another process', 'Run it again.', undefined);
      await rename(part, path);
    } finally {
      await rm(part, { force: true });
      await release().catch(() => {});
    }
  } catch (error) {
    if (isSensoriumError(error)) throw error;
    throw unusable('cannot be written', 'Check who owns the home folder and whether its disk has room.', error);
  }
}

function pathIn(home: string): string {
  return join(home, 'keys.json');
}

function unusable(what: string, hint: string, cause: unknown): SensoriumError {
  return new SensoriumError('server.key-file-unusable', `keys.json in the home folder ${what}.`, { hint, cause });
}
