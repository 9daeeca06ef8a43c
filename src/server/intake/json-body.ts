import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type MediaInput, type Spool, spool } from '#pipeline/index.ts';
import { base64Decoder } from './base64.ts';
import { type BodyLimits, type BodySource, badRequest, bodySource } from './body-source.ts';
import { divertMediaStrings, type MediaString } from './media-strings.ts';
import { parseJson } from './parse-json.ts';
import { shortBody } from './short-body.ts';

/** Bodies up to this long are parsed as they are. */
const SMALL_BYTES = 256 * 1024;

export interface JsonBodyLimits extends BodyLimits {
  /** Bytes of one medium, decoded. */
  readonly maxPartBytes: number;
}

/** A body as JSON. Long media in it are in files already; placeholders stand for them, strings like any other. */
export interface JsonBody {
  readonly json: unknown;
  /** The medium a string stands for, or `null` if it stands for itself. Whoever takes it in owns it. */
  mediumOf(text: string): MediaInput | null;
  /** Frees the media nobody took. */
  close(): Promise<void>;
}

/**
 * Reads a request's JSON. In a body of more than 256 KiB, strings of 64 KiB and more that are the base64 of a media part
 * are decoded into temporary files while they arrive, so that their base64 is never in memory as a whole. Throws
 * `server.bad-request`, `server.body-too-large`, `media.broken`, `media.too-large` or `kit.cancelled`; nothing is left
 * behind then, and the stream stands where it stood: whoever answers should close the connection.
 */
export async function readJsonBody(stream: AsyncIterable<Buffer>, limits: JsonBodyLimits): Promise<JsonBody> {
  const { contentLength, maxBytes } = limits;
  if (stream instanceof Readable && contentLength !== undefined && contentLength <= Math.min(SMALL_BYTES, maxBytes)) {
    return { json: parseJson(await shortBody(stream, limits)), ...NO_MEDIA };
  }
  const source = bodySource(stream, limits);
  const first: Buffer[] = [];
  for (let size = 0; size <= SMALL_BYTES; ) {
    const piece = await source.next();
    if (!piece) {
      return { json: parseJson(first.length === 1 && first[0] ? first[0] : Buffer.concat(first)), ...NO_MEDIA };
    }
    first.push(piece);
    size += piece.length;
  }
  return readLargeBody({ next: async () => first.shift() ?? source.next() }, limits);
}

const NO_MEDIA = { mediumOf: () => null, close: async () => {} };

async function readLargeBody(source: BodySource, limits: JsonBodyLimits): Promise<JsonBody> {
  // Chosen when the request is already on its way: nobody can have written it into one.
  const mark = `sensorium-medium-${randomBytes(16).toString('hex')}-`;
  const media = new Map<string, { spool: Spool; source: MediaString['source'] }>();
  const close = async () => {
    await Promise.all([...media.values()].map((medium) => medium.spool.close()));
  };
  try {
    const skeleton = await divertMediaStrings(source, async (medium) => {
      const bytes = decoded(medium);
      const { signal, maxPartBytes: maxBytes } = limits;
      const placeholder = `${mark}${media.size}`;
      media.set(placeholder, {
        source: medium.source,
        spool: await spool(bytes, { name: medium.field, signal, maxBytes }),
      });
      return placeholder;
    });
    const json = parseJson(skeleton, 'rest');
    if (countIn(json, media) !== media.size) throw badRequest('The body gives a media field twice in one object.');
    return {
      json,
      mediumOf(text) {
        const medium = media.get(text);
        return medium ? { kind: 'spooled', ...medium } : null;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Of two equal keys JSON keeps the last; a medium that goes lost that way would be dropped in silence. */
function countIn(json: unknown, media: ReadonlyMap<string, unknown>): number {
  if (typeof json === 'string') return media.has(json) ? 1 : 0;
  if (media.size === 0 || typeof json !== 'object' || json === null) return 0;
  let count = 0;
  for (const value of Object.values(json)) count += countIn(value, media);
  return count;
}

async function* decoded({ field, raw }: MediaString): AsyncGenerator<Buffer> {
  const decoder = base64Decoder(field);
  for await (const piece of raw) yield decoder.push(piece);
  yield decoder.end();
}
