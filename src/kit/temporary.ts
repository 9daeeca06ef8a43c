import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of our own that only this user can read; gone after `close`, or when the process ends. */
export async function temporaryFolder(): Promise<{ path: string; close(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'sensorium-'));
  folders.add(path);
  return {
    path,
    async close() {
      await rm(path, { recursive: true, force: true });
      folders.delete(path);
    },
  };
}
