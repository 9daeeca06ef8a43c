import { pictureSides } from '../picture.ts';
import { check } from '../server.ts';
import { refusal } from './errors.ts';

const MB = 1_000_000;
const LONGEST_ADDRESS_BYTES = 1_024;

/** What was made out of a picture or a video that was sent. */
export interface Seen {
  readonly kind: 'image' | 'video';
  readonly sizeBytes: number;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
}

type Json = Readonly<Record<string, unknown>>;

/** Checks an `image_url` part: its form, its weight and, where its header tells them, its sides. */
export function checkImage(part: Json): Seen {
  const { url, ...rest } = objectIn(part, 'image_url');
  onlyKeys(rest, ['detail'], 'image_url');
  check([undefined, 'low', 'high', 'auto'].includes(rest.detail as undefined), 'image_url.detail', BAD_PART);
  const bytes = contentOf(url, /^data:image\/[a-z0-9.+-]+;base64,/);
  if (bytes === null) return { kind: 'image', sizeBytes: 0, widthPx: null, heightPx: null };
  check(bytes.length <= 10 * MB, `a picture of ${bytes.length} bytes`, BAD_IMAGE);
  const size = pictureSides(bytes);
  if (size !== null) {
    const [width, height] = size;
    check(
      Math.min(width, height) >= 5 && Math.max(width, height) < 6_000,
      `a picture of ${width}×${height}`,
      BAD_IMAGE,
    );
  }
  return { kind: 'image', sizeBytes: bytes.length, widthPx: size?.[0] ?? null, heightPx: size?.[1] ?? null };
}

/** Checks a `video_url` part; how heavy it may be depends on the model. */
export function checkVideo(part: Json, model: string): Seen {
  const { url, ...rest } = objectIn(part, 'video_url');
  onlyKeys(rest, ['fps'], 'video_url');
  const { fps } = rest;
  check(fps === undefined || (typeof fps === 'number' && fps >= 0.2 && fps <= 5), 'video_url.fps', BAD_PART);
  const bytes = contentOf(url, /^data:video\/[a-z0-9.+-]+;base64,/);
  const isLarge = /^ernie-4\.5-turbo-vl|^ernie-5\.0-thinking-preview$/.test(model);
  const sizeBytes = bytes?.length ?? 0;
  check(sizeBytes <= (isLarge ? 128 : 64) * MB, `a video of ${sizeBytes} bytes`, BAD_PART);
  return { kind: 'video', sizeBytes, widthPx: null, heightPx: null };
}

const BAD_PART = refusal('invalid_messages');
const BAD_IMAGE = refusal('invalid_image_url');

function objectIn(part: Json, name: string): Json {
  const inner = part[name];
  check(typeof inner === 'object' && inner !== null, name, BAD_PART);
  return inner as Json;
}

function onlyKeys(rest: Json, allowed: readonly string[], where: string): void {
  for (const key of Object.keys(rest)) check(allowed.includes(key), `${where}.${key}`, BAD_PART);
}

/** The bytes of a data URL; `null` for an address, which nobody fetches here. */
function contentOf(url: unknown, prefix: RegExp): Buffer | null {
  check(typeof url === 'string', 'url', BAD_IMAGE);
  if (/^https?:\/\//.test(url)) {
    check(Buffer.byteLength(url) <= LONGEST_ADDRESS_BYTES, `an address of ${Buffer.byteLength(url)} bytes`, BAD_IMAGE);
    return null;
  }
  const head = prefix.exec(url)?.[0];
  check(head !== undefined, 'neither an address nor a data URL of this kind', BAD_IMAGE);
  const text = url.slice(head.length);
  const bytes = Buffer.from(text, 'base64');
  check(bytes.length > 0 && bytes.toString('base64') === text, 'base64 that is not standard and padded', BAD_IMAGE);
  return bytes;
}
