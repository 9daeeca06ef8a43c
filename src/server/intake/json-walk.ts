import { badRequest } from './body-source.ts';
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

const LONGEST_KEY_BYTES = 80;
/** Each value becomes an object of its own: a hundred megabytes of empty ones would be gigabytes. */
const MAX_VALUES = 1_000_000;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Follows the structure of JSON and stops behind the opening quote of each string that is a media field's value. */
export function walker(): (piece: Buffer, from: number) => { at: number; field?: string } {
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
export function textOf(raw: Buffer): string {
  const text = raw.toString('latin1');
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return '';
  }
}

/** Where a string that is open ends in this piece, or that it goes on. Reads each byte once, whatever is in it. */
export function endOfString(
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
