import { pictureSides } from '../picture.ts';
import type { Reply } from '../reply.ts';
import { checkBase64 } from '../self-hosted/checks.ts';
import { check } from '../server.ts';

/** The bytes of a picture in a data URL of one of these kinds; refused where it is too large or no picture. */
export function pictureIn(
  url: unknown,
  what: string,
  { kinds, mostBytes, mostPixels }: { readonly kinds: RegExp; readonly mostBytes: number; readonly mostPixels: number },
  reply?: Reply,
): Buffer {
  const [, kind = '', data] = /^data:image\/([\w.+-]+);base64,(.*)$/s.exec(String(url)) ?? [];
  check(kinds.test(kind), `${what}: no data URL of a picture it takes`, reply);
  return pictureBytes(data, what, { mostBytes, mostPixels }, reply);
}

/** The same of plain base64. */
export function pictureBytes(
  data: unknown,
  what: string,
  { mostBytes, mostPixels }: { readonly mostBytes: number; readonly mostPixels: number },
  reply?: Reply,
): Buffer {
  checkBase64(data, what, reply);
  const bytes = Buffer.from(data, 'base64');
  check(bytes.length <= mostBytes, `${what}: ${bytes.length} bytes`, reply);
  const sides = pictureSides(bytes);
  check(sides && sides[0] * sides[1] <= mostPixels, `${what}: no picture, or too many pixels`, reply);
  return bytes;
}
