import { type BodySource, badRequest, bodyTooLarge } from './body-source.ts';
import { gatherer } from './gather.ts';
import { endOfString, textOf, walker } from './json-walk.ts';

/** Shorter strings stay where they are. */
const LONG_BYTES = 64 * 1024;
const LONGEST_PREFIX_BYTES = 1_024;
/** What is left besides media becomes one string and then objects, so it has a limit of its own. */
const MAX_REST_BYTES = 32 * 2 ** 20;

const [COMMA, COLON] = [0x2c, 0x3a];

/** A long string as it arrives: still with JSON's escapes, without its `data:` prefix. */
export interface MediaString {
  readonly field: string;
  readonly source: 'bytes' | 'data-url';
  readonly raw: AsyncIterable<Buffer>;
}

/**
 * Copies JSON while it arrives, but hands each long string of a media field to `divert`, which must read all of it and
 * gives the text to put in its place. Looks no closer at the JSON than it must: what is returned has yet to be parsed.
 */
export async function divertMediaStrings(
  body: BodySource,
  divert: (medium: MediaString) => Promise<string>,
): Promise<Buffer> {
  const rest = gatherer();
  let restBytes = 0;
  let piece: Buffer = Buffer.alloc(0);
  let at = 0;
  const walk = walker();

  function keep(bytes: Buffer): void {
    restBytes += bytes.length;
    if (restBytes > MAX_REST_BYTES) throw bodyTooLarge(MAX_REST_BYTES);
    rest.add(bytes);
  }

  async function more(): Promise<boolean> {
    const next = await body.next();
    piece = next ?? Buffer.alloc(0);
    at = 0;
    return next !== null;
  }

  // The inside of the string that `at` is in, up to its closing quote.
  async function* inside(): AsyncGenerator<Buffer> {
    let escaped = false;
    for (;;) {
      const found = endOfString(piece, at, escaped);
      const raw = piece.subarray(at, found.at);
      at = found.at;
      escaped = found.escaped;
      if (raw.length > 0) yield raw;
      if (found.closed) return;
      if (!(await more())) throw badRequest('The body is not valid JSON: it breaks off.');
    }
  }

  async function candidate(field: string): Promise<void> {
    const raw = inside();
    const start = gatherer();
    for (let startBytes = 0; startBytes < LONG_BYTES; ) {
      const { done, value } = await raw.next();
      if (done) return keep(start.all());
      start.add(value);
      startBytes += value.length;
    }
    const head = start.all();
    const opening = readOpening(head);
    if (opening) {
      const { source, bytes } = opening;
      return keep(Buffer.from(await divert({ field, source, raw: joined(head.subarray(bytes), raw) })));
    }
    keep(head);
    for await (const bytes of raw) keep(bytes);
  }

  while (await more()) {
    while (at < piece.length) {
      const from = at;
      const stop = walk(piece, at);
      at = stop.at;
      keep(piece.subarray(from, at));
      if (stop.field) await candidate(stop.field);
    }
  }
  return rest.all();
}

/** How a media string begins; `null` for an address, which stays as it is. Base64 has no colon. */
function readOpening(head: Buffer): { source: MediaString['source']; bytes: number } | null {
  const start = head.subarray(0, LONGEST_PREFIX_BYTES);
  const colon = start.indexOf(COLON);
  const comma = start.indexOf(COMMA);
  if (colon < 0) return { source: 'bytes', bytes: 0 };
  const isBase64 = /^\s*data:.*;\s*base64\s*$/is.test(textOf(start.subarray(0, Math.max(0, comma))));
  if (isBase64) return { source: 'data-url', bytes: comma + 1 };
  return /^\s*[a-z][a-z0-9+.-]*$/i.test(textOf(start.subarray(0, colon))) ? null : { source: 'bytes', bytes: 0 };
}

async function* joined(head: Buffer, raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* raw;
}
