import { lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Page } from '#contract/perception.ts';
import type { CallContext } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { decodePicture } from '#runtime/pixels/picture.ts';
import { startWorker, type Worker, workerModule } from '#runtime/worker/host.ts';
import type { DocumentEngine } from '../engine.ts';
import { tooLarge } from './failure.ts';
import { LIMITS } from './limits.ts';
import { type DecodePicture, type Pictures, pageText, picturesOf } from './pictures.ts';
import type { DraftPage, FileToRead, Told } from './told.ts';
import type { ReadCall } from './worker.ts';

/** A picture inside a document is a small part of it: what is larger is a poster. */
const MAX_PICTURE_PIXELS = 50e6;

const decode: DecodePicture = async (bytes, signal) =>
  (await decodePicture(bytes, { maxPixels: MAX_PICTURE_PIXELS, signal })).pixels();

let shared: Worker | undefined;

/** The one process that takes documents apart, so that a hostile or huge one holds up nobody but other documents. */
function documentWorker(): Worker {
  shared ??= startWorker(workerModule(import.meta.url), { name: 'documents', idleMs: 60_000, maxRssBytes: 2 ** 30 });
  return shared;
}

/** What an engine says of itself. `isText`: a long file is read from its beginning only. */
export interface FileEngine {
  readonly id: string;
  readonly mimeTypes: readonly string[];
  readonly isText?: boolean;
}

/**
 * An engine for one format, which is taken apart in a process of its own; the pictures in it are read here. Throws `read.*`, also
 * for a file that takes longer than a document may.
 */
export function fileEngine({ id, mimeTypes, isText = false }: FileEngine): DocumentEngine {
  return {
    id,
    mimeTypes,
    async *read({ part, name, media }, { reader, maxPages, language, onFacts }, context) {
      throwIfCancelled(context.signal);
      const bytes = await bytesOf(media, name, isText, context.signal);
      const file: FileToRead = {
        name,
        mimeType: media.media.mimeType.split(';', 1)[0] ?? '',
        charset: /charset=([\w-]+)/.exec(media.media.mimeType)?.[1] ?? null,
        bytes,
        sizeBytes: media.media.sizeBytes,
        maxPages,
        language,
        wantsPictures: reader !== null,
      };
      const pictures = picturesOf({ part, reader, decode }, context);
      let number = 0;
      for await (const told of take({ engine: id, file }, context.signal)) {
        if (told.kind === 'facts') onFacts({ ...told.facts });
        else if (told.kind === 'picture') await pictures.take(told.id, told.bytes);
        else if (told.kind === 'loss') context.note(lossOf({ stage: 'perceive', part, engine: id, ...told.loss }));
        else {
          number += 1;
          if (number > maxPages) throw tooLarge(name, `has more than ${maxPages} pages`);
          yield pageOf(number, told.page, pictures, { language, reader: reader?.id ?? null });
        }
      }
      noteSilent(pictures, { part, engine: id }, context);
    },
  };
}

async function* take(call: ReadCall, signal: AbortSignal): AsyncGenerator<Told> {
  const clock = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const both = AbortSignal.any([signal, clock.signal]);
    for await (const told of documentWorker().stream<Told | { kind: 'begun' }>('read', call, both)) {
      if (told.kind === 'begun') timer = setTimeout(() => clock.abort(), LIMITS.readMs).unref();
      else yield told;
    }
  } catch (error) {
    if (clock.signal.aborted && !signal.aborted) {
      throw tooLarge(call.file.name, `took longer than ${LIMITS.readMs / 1000} s to take apart`);
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function bytesOf(media: MediaPart, name: string, isText: boolean, signal: AbortSignal): Promise<Uint8Array> {
  const { sizeBytes } = media.media;
  if (!isText && sizeBytes > LIMITS.fileBytes) throw tooLarge(name, `has ${Math.round(sizeBytes / 2 ** 20)} MB`);
  if (!isText) return media.bytes();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of media.stream()) {
    throwIfCancelled(signal);
    chunks.push(chunk.subarray(0, LIMITS.textBytes - size));
    size += chunk.length;
    if (size >= LIMITS.textBytes) break;
  }
  return Buffer.concat(chunks);
}

function pageOf(
  number: number,
  draft: DraftPage,
  pictures: Pictures,
  { language, reader }: { language: 'en' | 'zh'; reader: string | null },
): Page {
  const { text, lines } = pageText(draft, pictures, language);
  const onlyPictures = draft.blocks.every((block) => typeof block !== 'string' || block.trim() === '');
  const source = text === '' ? 'nothing' : onlyPictures && lines.length > 0 ? 'ocr' : 'markup';
  return {
    number,
    title: draft.title,
    text,
    source,
    reason: text === '' ? `${draft.reason}; nothing is on it` : draft.reason,
    lines: [...lines],
    engine: lines.length > 0 ? reader : null,
  };
}

function noteSilent(
  { silent, failed }: Pictures,
  where: { part: string; engine: string },
  { note }: CallContext,
): void {
  if (silent.size === 0) return;
  const why = failed.size > 0 ? ` ${failed.size} of them could not be decoded.` : '';
  note(
    lossOf({
      kind: 'not-described',
      stage: 'perceive',
      ...where,
      extent: silent.size,
      unit: 'pictures',
      message: `${silent.size} pictures in the document have no alternative text and no writing that was read.${why}`,
      action: 'where they stand is marked',
    }),
  );
}
