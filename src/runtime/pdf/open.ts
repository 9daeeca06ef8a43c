import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ErrorDetails, isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { MediaPart, Pixels } from '#contract/media.ts';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import { nowMs } from '#kit/clock.ts';
import { slots } from '#kit/slots.ts';
import { orDiskFull, temporaryFolder } from '#kit/temporary.ts';
import { startWorker, type Worker, workerModule } from '../worker/host.ts';
import type { PdfFacts, PdfPage, PictureSize } from './page.ts';
import type { OpenCall, PictureCall } from './worker.ts';

/** A PDF that is open in a process of its own. Pages count from 1. Whoever opened it closes it. */
export interface PdfFile {
  readonly facts: PdfFacts;
  /** The text of a page with where it stands, its pictures and lines. Throws `read.broken` for this page; others may still be read. */
  page(number: number, signal: AbortSignal): Promise<PdfPage>;
  /** A page as a picture. Throws as `page` does. */
  picture(number: number, size: PictureSize, signal: AbortSignal): Promise<Pixels>;
  close(): Promise<void>;
}

export interface PdfLimits {
  /** For opening, and for one page; a page that needs longer is given up. */
  readonly openMs: number;
  readonly pageMs: number;
  /** For everything that is asked of one file. */
  readonly wholeMs: number;
  readonly maxRssBytes: number;
  /** So many pages may take the process down with them before the file is given up. */
  readonly mostDeaths: number;
}

export const PDF_LIMITS: PdfLimits = {
  openMs: 30_000,
  pageMs: 20_000,
  wholeMs: 15 * 60_000,
  maxRssBytes: 1.5 * 2 ** 30,
  mostDeaths: 3,
};

/** Each file has a process that may take `maxRssBytes`, so only so many are open at once; others wait. */
const OPEN_AT_ONCE = slots(4);
/** Longer files cannot be addressed by the library (32 bits, signed). */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Opens a PDF in a process of its own, which a crafted file may crash or keep busy: it is then ended, that page fails, and the
 * next one gets a new process. The file may be encrypted with an empty password. Throws `read.encrypted`, `read.broken`,
 * `read.too-large`, `kit.disk-full` and `runtime.package-missing`.
 */
export async function openPdf(media: MediaPart, signal: AbortSignal, limits: PdfLimits = PDF_LIMITS): Promise<PdfFile> {
  throwIfCancelled(signal);
  const { name, sizeBytes } = media.media;
  if (sizeBytes > MAX_BYTES) {
    throw new SensoriumError('read.too-large', `${name} is larger than 2 GB.`, { hint: 'Cut it into parts.' });
  }
  const leave = await OPEN_AT_ONCE.take(signal);
  const folder = await temporaryFolder().catch((error: unknown) => {
    leave();
    throw error;
  });
  const path = join(folder.path, 'document.pdf');
  let worker: Worker | undefined;
  let deaths = 0;
  let spentMs = 0;

  const end = async () => {
    const ended = worker;
    worker = undefined;
    await ended?.close();
  };
  const call = async <T>(method: string, argument: unknown, limitMs: number, caller: AbortSignal): Promise<T> => {
    const timer = AbortSignal.timeout(Math.max(1, Math.min(limitMs, limits.wholeMs - spentMs)));
    const startedMs = nowMs();
    try {
      worker ??= startWorker(workerModule(import.meta.url), { keepsState: true });
      return await worker.call<T>(method, argument, AbortSignal.any([caller, timer]));
    } catch (error) {
      const died = isSensoriumError(error) && error.code === 'runtime.worker-died';
      if (timer.aborted || caller.aborted || died) await end();
      if (caller.aborted) throw cancelled(caller);
      if (timer.aborted || died) {
        deaths += 1;
        throw broken(
          died ? 'needs more memory than is given to it, or crashes what reads it' : 'takes too long to read',
          name,
          error,
        );
      }
      throw isSensoriumError(error) && error.code === 'us.bug' ? broken('cannot be read', name, error) : error;
    } finally {
      spentMs += nowMs() - startedMs;
    }
  };
  const openCall: OpenCall = { path, maxRssBytes: limits.maxRssBytes };
  const ready = async (caller: AbortSignal) => {
    throwIfCancelled(caller);
    if (deaths > limits.mostDeaths || spentMs >= limits.wholeMs)
      throw broken('takes too long, or crashes what reads it', name, undefined, { given: 'up' });
    if (!worker) await call<PdfFacts>('open', openCall, limits.openMs, caller);
  };

  const close = async () => {
    try {
      await end();
      await folder.close();
    } finally {
      leave();
    }
  };
  try {
    const found = { object: false };
    await pipeline(lookingForObjects(media.stream(), found), createWriteStream(path, { mode: 0o600 }), { signal });
    if (!found.object) throw broken('is damaged beyond repair: it holds no object a page could be made of', name);
    const facts = await call<PdfFacts>('open', openCall, limits.openMs, signal);
    return {
      facts,
      async page(number, caller) {
        await ready(caller);
        return call<PdfPage>('page', number, limits.pageMs, caller);
      },
      async picture(number, size, caller) {
        await ready(caller);
        const asked: PictureCall = { number, ...size };
        return call<Pixels>('picture', asked, limits.pageMs, caller);
      },
      close,
    };
  } catch (error) {
    await close();
    throw signal.aborted ? cancelled(signal) : orDiskFull(error);
  }
}

/** Passes a file on and sees whether it has any object (ISO 32000-1 §7.3.10). One without needs no process to be refused. */
async function* lookingForObjects(
  stream: AsyncIterable<Uint8Array>,
  found: { object: boolean },
): AsyncGenerator<Uint8Array> {
  let tail = '';
  for await (const bytes of stream) {
    if (!found.object) {
      const text = tail + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      found.object = text.includes('obj');
      tail = text.slice(-2);
    }
    yield bytes;
  }
}

function broken(what: string, name: string, cause?: unknown, details: ErrorDetails = {}): SensoriumError {
  return new SensoriumError('read.broken', `${name} ${what}.`, {
    hint: 'Check that it opens elsewhere; print or export it to PDF again.',
    details,
    cause,
  });
}
