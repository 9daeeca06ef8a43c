import { broken } from './failure.ts';
import type { FileToRead } from './told.ts';

/** The text of a file in the encoding it was told to have, without its byte order mark; else UTF-8 or GB 18030. */
export function decodeText({ bytes, charset, sizeBytes, name }: FileToRead): string {
  const isCut = sizeBytes > bytes.length;
  for (const label of charset === null ? [wideMark(bytes) ?? 'utf-8', 'gb18030'] : [charset]) {
    try {
      return new TextDecoder(label, { fatal: charset === null }).decode(bytes, { stream: isCut });
    } catch {
      // The next one may fit.
    }
  }
  throw broken(name, 'nothing here knows the encoding of its text');
}

function wideMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}
