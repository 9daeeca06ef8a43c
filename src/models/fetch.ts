import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isSensoriumError } from '#contract/error.ts';
import type { DownloadProgress } from '#contract/events.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { hashFile } from '#kit/hash-file.ts';
import type { CatalogueEntry, CatalogueFile } from './catalogue.ts';
import { noSourceLeft } from './failures.ts';
import { type ModelStoreSettings, SOURCE_TIMEOUTS } from './settings.ts';
import { errorCode } from './sources/reach.ts';
import { lengthOf } from './sources/receive.ts';
import { SourceFailure, type SourceKind } from './sources/source.ts';

export interface Fetching {
  readonly entry: CatalogueEntry;
  readonly settings: ModelStoreSettings;
  /** In the order of use. */
  readonly sources: readonly SourceKind[];
  readonly workFolder: string;
  readonly signal: AbortSignal;
  report(source: string, state: DownloadProgress['state'], receivedBytes: number): void;
}

/**
 * Asks one source after the other for a file and gives the path of a part file whose SHA-256 is right. The part's name is
 * that hash, so what one try left is continued by the next, also from another source, and never mixed with another file.
 */
export async function fetchVerified(file: CatalogueFile, fetching: Fetching): Promise<string> {
  const { entry, settings, sources, workFolder, signal, report } = fetching;
  const target = join(workFolder, `${file.sha256}.part`);
  const tried: string[] = [];
  const forbidden: string[] = [];
  let mismatch = false;

  if ((await lengthOf(target)) === file.sizeBytes) {
    // An earlier try was stopped after the last byte.
    if ((await hashFile(target, signal)) === file.sha256) return target;
    await rm(target, { force: true });
  }
  for (const kind of sources) {
    const locator = kind.locate(file, settings);
    if (locator === undefined) continue;
    if (kind.needsNetwork && settings.offline) {
      forbidden.push(kind.id);
      continue;
    }
    const source = kind.open({ settings, timeouts: { ...SOURCE_TIMEOUTS, ...settings.timeouts }, entry, workFolder });
    for (let fresh = false; !fresh; ) {
      throwIfCancelled(signal);
      const begunBytes = await lengthOf(target);
      // A wrong hash over bytes of an earlier try says nothing about this source: it may then begin anew, once.
      fresh = begunBytes === 0;
      report(kind.id, 'started', begunBytes);
      try {
        await source.fetch(
          { model: entry.id, file, locator, target },
          { signal, onBytes: (receivedBytes) => report(kind.id, 'moving', receivedBytes) },
        );
      } catch (error) {
        if (signal.aborted || isSensoriumError(error) || isLocal(error)) throw error;
        tried.push(`${kind.id}: ${error instanceof Error ? error.message : String(error)}`);
        break;
      }
      const hash = await hashFile(target, signal, (bytes) => report(kind.id, 'verifying', bytes));
      if (hash === file.sha256) {
        report(kind.id, 'done', file.sizeBytes);
        return target;
      }
      await rm(target, { force: true });
      if (fresh) {
        mismatch = true;
        tried.push(`${kind.id}: the content is not what the catalogue pins (SHA-256 ${hash})`);
      }
    }
  }
  throw noSourceLeft(entry.id, file.path, tried, forbidden, mismatch);
}

// What the disk under the store says concerns every source alike.
function isLocal(error: unknown): boolean {
  return !(error instanceof SourceFailure) && /^(ENOSPC|EDQUOT|EACCES|EPERM|EROFS|EIO)$/.test(errorCode(error));
}
