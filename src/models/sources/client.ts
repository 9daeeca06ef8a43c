import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cancelled } from '#kit/abort.ts';
import { type CommandResult, runCommand } from '#kit/command.ts';
import type { SourceTimeouts } from '../settings.ts';
import { markUnreachable } from './reach.ts';
import { SourceFailure } from './source.ts';

const POLL_MS = 200;

/**
 * Runs a package registry's own client and watches the folder it writes into: for the bytes to report, and to leave a
 * registry that sends nothing. Gives what the client printed, whatever its exit code.
 */
export async function runClient(
  program: string,
  args: readonly string[],
  watch: {
    /** What to call the registry in messages; also what is remembered when it cannot be reached. */
    readonly place: string;
    readonly folder: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly timeouts: SourceTimeouts;
    readonly signal: AbortSignal;
    onBytes(receivedBytes: number): void;
  },
): Promise<CommandResult & { readonly receivedBytes: number }> {
  const quiet = new AbortController();
  let receivedBytes = 0;
  let movedAtMs = Date.now();
  let looking = false;

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    const bytes = await sizeOf(watch.folder);
    looking = false;
    if (bytes > receivedBytes) {
      movedAtMs = Date.now();
      receivedBytes = bytes;
      watch.onBytes(bytes);
    }
    const patienceMs = receivedBytes > 0 ? watch.timeouts.stallMs : watch.timeouts.connectMs + watch.timeouts.headMs;
    if (Date.now() - movedAtMs > patienceMs) quiet.abort();
  }

  const timer = setInterval(() => void look(), POLL_MS);
  try {
    const result = await runCommand(program, args, {
      signal: AbortSignal.any([watch.signal, quiet.signal]),
      cwd: watch.folder,
      ...(watch.env ? { env: watch.env } : {}),
    });
    return { ...result, receivedBytes };
  } catch (error) {
    if (watch.signal.aborted) throw cancelled(watch.signal);
    if (!quiet.signal.aborted) throw error;
    const why = `${watch.place} got no data for a while and was stopped`;
    throw receivedBytes > 0 ? new SourceFailure(why) : markUnreachable(watch.place, why);
  } finally {
    clearInterval(timer);
  }
}

/** Bytes of all files below a folder. Files that come and go meanwhile do not matter. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
