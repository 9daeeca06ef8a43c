import { type BodySource, badRequest, bodyTooLarge } from './body-source.ts';
import { gatherer } from './gather.ts';
import { MAX_DEPTH, tooDeep } from './parse-json.ts';

/** Where long strings are media, by the key of the object they are in and their own. */
const MEDIA_KEYS: ReadonlyMap<string, string> = new Map([
  ['input_audio', 'data'],
  ['input_video', 'data'],
  ['image_url', 'url'],
  ['video_url', 'url'],
  ['audio_url', 'url'],
  ['file', 'file_data'],
]);

/** Shorter strings stay where they are. */
const LONG_BYTES = 64 * 1024;
const LONGEST_KEY_BYTES = 80;
const LONGEST_PREFIX_BYTES = 1_024;
/** What is left besides media becomes one string and then objects, so it has limits of its own. */
const MAX_REST_BYTES = 32 * 2 ** 20;
const MAX_VALUES = 1_000_000;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

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

/** Follows the structure of JSON and stops behind the opening quote of each string that is a media field's value. */
function walker(): (piece: Buffer, from: number) => { at: number; field?: string } {
  const objects: boolean[] = [];
  const wanted: (string | null)[] = [];
  const parents: string[] = [];
  const keyBytes = Buffer.alloc(LONGEST_KEY_BYTES);
  let depth = 0;
  let values = 0;
  let keyLength = 0;
  let key = '';
  let place: 'outside' | 'key' | 'value' = 'outside';
  let escaped = false;
  let keyNext = false;

  function count(): void {
    if (++values > MAX_VALUES) throw badRequest(`The body has more than ${MAX_VALUES} values.`);
  }

  function open(isObject: boolean): void {
    count();
    if (++depth > MAX_DEPTH) throw tooDeep();
    wanted[depth] = isObject ? (MEDIA_KEYS.get(key) ?? null) : null;
    objects[depth] = isObject;
    parents[depth] = key;
    key = '';
    keyNext = isObject;
  }
  return (piece, from) => {
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at] as number;
      if (place !== 'outside') {
        if (!escaped && byte === QUOTE) {
          if (place === 'key') key = textOf(keyBytes.subarray(0, keyLength));
          place = 'outside';
        } else {
          if (place === 'key' && keyLength < LONGEST_KEY_BYTES) keyBytes[keyLength++] = byte;
          escaped = !escaped && byte === BACKSLASH;
        }
        continue;
      }
      switch (byte) {
        case QUOTE:
          place = keyNext ? 'key' : 'value';
          keyLength = 0;
          if (!keyNext && key !== '' && key === wanted[depth]) {
            return { at: at + 1, field: `${parents[depth]}.${key}` };
          }
          break;
        case OPEN_OBJECT:
        case OPEN_ARRAY:
          open(byte === OPEN_OBJECT);
          break;
        case CLOSE_OBJECT:
        case CLOSE_ARRAY:
          if (depth > 0) depth--;
          keyNext = false;
          break;
        case COLON:
          keyNext = false;
          break;
        case COMMA:
          count();
          keyNext = objects[depth] ?? false;
          key = '';
          break;
      }
    }
    return { at: piece.length };
  };
}

/** The inside of a JSON string as text, as far as ASCII goes. */
function textOf(raw: Buffer): string {
  const text = raw.toString('latin1');
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return '';
  }
}

function endOfString(
  piece: Buffer,
  from: number,
  escapedBefore: boolean,
): { at: number; closed: boolean; escaped: boolean } {
  if (!escapedBefore) {
    const quote = piece.indexOf(QUOTE, from);
    const end = quote < 0 ? piece.length : quote;
    if (!piece.subarray(from, end).includes(BACKSLASH)) return { at: end, closed: quote >= 0, escaped: false };
  }
  let escaped = escapedBefore;
  for (let at = from; at < piece.length; at++) {
    if (escaped) escaped = false;
    else if (piece[at] === BACKSLASH) escaped = true;
    else if (piece[at] === QUOTE) return { at, closed: true, escaped: false };
  }
  return { at: piece.length, closed: false, escaped };
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
