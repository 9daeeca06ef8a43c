import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { SensoriumError } from '#contract/error.ts';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import { errorCode } from './sources/reach.ts';

const POLL_MS = 150;

/**
 * Runs `work` while no other process does so for the same path; waits for one that does. The lock of a process that was
 * killed is taken over after ten seconds. `work` is stopped if its lock is lost (a machine that slept).
 */
export async function withLock<T>(
  path: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const lost = new AbortController();
  const release = await acquire(path, signal, () => lost.abort());
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    if (!lost.signal.aborted || signal.aborted) throw error;
    throw new SensoriumError('models.cannot-write', 'Another process took over while this one stood still.', {
      hint: 'Run it again; what has arrived is kept.',
      cause: error,
    });
  } finally {
    await release().catch(() => {});
  }
}

async function acquire(path: string, signal: AbortSignal, onLost: () => void): Promise<() => Promise<void>> {
  for (;;) {
    throwIfCancelled(signal);
    try {
      return await lock(path, { realpath: false, onCompromised: onLost });
    } catch (error) {
      if (errorCode(error) !== 'ELOCKED') throw error;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => {
      throw cancelled(signal);
    });
  }
}
