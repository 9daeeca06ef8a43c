import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';

const folders = new Set<string>();
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of our own that only this user can read; gone after `close`, or when the process ends. Throws `kit.disk-full`. */
export async function temporaryFolder(): Promise<{ path: string; close(): Promise<void> }> {
  const path = made();
  return {
    path,
    async close() {
      await rm(path, { recursive: true, force: true });
      folders.delete(path);
    },
  };
}

// At once: a process may end between the making of a folder and the news of it, and the folder would stay.
function made(): string {
  try {
    const path = mkdtempSync(join(tmpdir(), 'sensorium-'));
    folders.add(path);
    return path;
  } catch (error) {
    throw orDiskFull(error);
  }
}

/** What a failed write to a temporary folder is told as: `kit.disk-full` where there was no room, else the error as it is. */
export function orDiskFull(error: unknown): unknown {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new SensoriumError('kit.disk-full', 'The disk is full.', {
    hint: 'Free some space in the folder for temporary files.',
    cause: error,
  });
}
