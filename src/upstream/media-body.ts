import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { SensoriumError } from '#contract/error.ts';
import type { MediaPart } from '#contract/media.ts';

/** A request's body: text, or text with media in it that are read and encoded while it is sent. */
export type Body = string | { readonly sizeBytes: number; open(): Readable };

/** Places for media in a body that is put together before their bytes are read. */
export interface MediaSlots {
  /** Words that stand for the medium's bytes in base64 until the body is sent. */
  hold(media: MediaPart): string;
  /** The body with the media in it. It may be opened again for another try. */
  fill(json: string): Body;
}

/** How much is read before it is encoded and sent: a multiple of 3 bytes, so that no padding comes in between. */
const PIECE_BYTES = 48 * 1024;

/** Makes places for the media of one request. */
export function mediaSlots(): MediaSlots {
  const held: MediaPart[] = [];
  let mark = '';
  return {
    hold(media) {
      // Nobody can have written it into a message.
      mark ||= `${randomUUID()}#`;
      held.push(media);
      return mark;
    },
    fill(json) {
      if (held.length === 0) return json;
      const texts = json.split(mark);
      const textBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      const mediaBytes = held.reduce((sum, { media }) => sum + 4 * Math.ceil(media.sizeBytes / 3), 0);
      return { sizeBytes: textBytes + mediaBytes, open: () => Readable.from(pieces(texts, held)) };
    },
  };
}

async function* pieces(texts: readonly string[], media: readonly MediaPart[]): AsyncGenerator<Buffer> {
  for (const [index, text] of texts.entries()) {
    yield Buffer.from(text);
    const part = media[index];
    if (part) yield* base64Of(part);
  }
}

async function* base64Of(part: MediaPart): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  let sizeBytes = 0;
  for await (const bytes of part.stream()) {
    sizeBytes += bytes.length;
    const all = Buffer.concat([rest, bytes]);
    const whole = all.length - (all.length % 3);
    for (let at = 0; at < whole; at += PIECE_BYTES) yield encoded(all.subarray(at, Math.min(at + PIECE_BYTES, whole)));
    rest = all.subarray(whole);
  }
  if (rest.length > 0) yield encoded(rest);
  if (sizeBytes === part.media.sizeBytes) return;
  throw new SensoriumError('media.broken', `${part.media.part} changed while it was being sent.`, {
    hint: 'Send the request again once the file is complete.',
    details: { expectedBytes: part.media.sizeBytes, readBytes: sizeBytes },
  });
}

function encoded(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('base64'), 'latin1');
}
