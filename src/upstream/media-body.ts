import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { SensoriumError } from '#contract/error.ts';
import type { MediaPart } from '#contract/media.ts';

/** A request's body: text, or text with media in it that are read and encoded while it is sent. */
export type Body = string | { readonly sizeBytes: number; open(): Readable };

/** Bytes that are made piece by piece while they are sent, and made again for another try. */
export interface Made {
  readonly sizeBytes: number;
  pieces(): Iterable<Buffer>;
}

/** Places for media in a body that is put together before their bytes are read. */
export interface MediaSlots {
  /** Words that stand for the medium's bytes in base64 until the body is sent. */
  hold(media: MediaPart): string;
  /** The same for bytes that are made here. */
  holdMade(made: Made): string;
  /** Words that stand, with the quotes around them, for JSON that is made while the body is sent. */
  holdJson(json: Made): string;
  /** The body with the media in it. It may be opened again for another try. */
  fill(json: string): Body;
}

/** How much is read before it is encoded and sent: a multiple of 3 bytes, so that no padding comes in between. */
const PIECE_BYTES = 48 * 1024;

interface Held {
  readonly sizeBytes: number;
  open(): AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** Makes places for the media of one request. */
export function mediaSlots(): MediaSlots {
  const held: Held[] = [];
  // Nobody can have written it into a message.
  const mark = `${randomUUID()}#`;
  const json = `${mark}json`;
  const keep = (one: Held, word = mark) => {
    held.push(one);
    return word;
  };
  const encodedBytes = (sizeBytes: number) => 4 * Math.ceil(sizeBytes / 3);
  return {
    hold: (part) => keep({ sizeBytes: encodedBytes(part.media.sizeBytes), open: () => mediumInBase64(part) }),
    holdMade: (made) => keep({ sizeBytes: encodedBytes(made.sizeBytes), open: () => base64Of(made.pieces()) }),
    holdJson: (made) => keep({ sizeBytes: made.sizeBytes, open: () => made.pieces() }, json),
    fill(text) {
      if (held.length === 0) return text;
      const texts = text.replaceAll(JSON.stringify(json), mark).split(mark);
      const textBytes = texts.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
      const heldBytes = held.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      return { sizeBytes: textBytes + heldBytes, open: () => Readable.from(pieces(texts, held)) };
    },
  };
}

async function* pieces(texts: readonly string[], held: readonly Held[]): AsyncGenerator<Buffer> {
  for (const [index, text] of texts.entries()) {
    yield Buffer.from(text);
    const one = held[index];
    if (one) yield* one.open();
  }
}

async function* mediumInBase64(part: MediaPart): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  const counted = async function* () {
    for await (const bytes of part.stream()) {
      sizeBytes += bytes.length;
      yield bytes;
    }
  };
  yield* base64Of(counted());
  if (sizeBytes === part.media.sizeBytes) return;
  throw new SensoriumError('media.broken', `${part.media.part} changed while it was being sent.`, {
    hint: 'Send the request again once the file is complete.',
    details: { expectedBytes: part.media.sizeBytes, readBytes: sizeBytes },
  });
}

async function* base64Of(stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const bytes of stream) {
    const all = Buffer.concat([rest, bytes]);
    const whole = all.length - (all.length % 3);
    for (let at = 0; at < whole; at += PIECE_BYTES) yield encoded(all.subarray(at, Math.min(at + PIECE_BYTES, whole)));
    rest = all.subarray(whole);
  }
  if (rest.length > 0) yield encoded(rest);
}

function encoded(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('base64'), 'latin1');
}
