import { type FileHandle, open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import type { MediaKind } from '#contract/media.ts';
import { wavFormatTag } from './engines/wav/header.ts';

/** What some bytes are. `kind` is `null` for things that are no medium (archives, programs, unknown bytes). */
export interface Sniffed {
  readonly kind: MediaKind | null;
  readonly mimeType: string;
}

const LOOKED_AT_BYTES = 64 * 1024;
const PCM_TAGS: ReadonlySet<number | null> = new Set([1, 3, 6, 7]);

/** One name for what has several. */
const SAME: Readonly<Record<string, string>> = {
  'application/ogg': 'video/ogg',
  'application/vnd.ms-asf': 'video/x-ms-asf',
  'audio/x-m4a': 'audio/mp4',
  'video/MP1S': 'video/mpeg',
  'video/MP2P': 'video/mpeg',
  'video/x-m4v': 'video/mp4',
};

/** Kinds of sound the library does not know, by their first bytes. */
const MORE_MAGIC: readonly (readonly [string, string])[] = [
  ['caff', 'audio/x-caf'],
  ['.snd', 'audio/basic'],
];

const DOCUMENTS =
  /^application\/(pdf|rtf|epub\+zip|vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-word|ms-excel|ms-powerpoint)\b.*)$/;
const MARKUP: ReadonlySet<string> = new Set(['application/xml', 'text/html', 'text/vcard', 'text/calendar']);

/** Tells what a file is from its bytes. Its name is not looked at. */
export async function sniff(path: string): Promise<Sniffed> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT_BYTES), 0, LOOKED_AT_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    if (/^(RIFF|RF64)$/.test(head.toString('latin1', 0, 4)) && head.toString('latin1', 8, 12) === 'WAVE') {
      return { kind: 'audio', mimeType: await wavType(handle) };
    }
    const magic = MORE_MAGIC.find(([bytes]) => head.toString('latin1', 0, 4) === bytes);
    if (magic) return { kind: 'audio', mimeType: magic[1] };
    const cut = bytesRead === LOOKED_AT_BYTES;
    const wide = wideCharsetOf(head, cut);
    if (wide) return { kind: 'text', mimeType: `text/plain; charset=${wide}` };
    const known = await fileTypeFromFile(path);
    if (known && !MARKUP.has(known.mime)) return named(SAME[known.mime] ?? known.mime);
    const charset = charsetOf(head, cut);
    if (charset !== null) return { kind: 'text', mimeType: `${known?.mime ?? 'text/plain'}${charset}` };
    return { kind: null, mimeType: known?.mime ?? 'application/octet-stream' };
  } finally {
    await handle.close();
  }
}

function named(mimeType: string): Sniffed {
  const group = mimeType.split('/', 1)[0];
  if (group === 'audio' || group === 'video' || group === 'image') return { kind: group, mimeType };
  return { kind: DOCUMENTS.test(mimeType) ? 'document' : null, mimeType };
}

// RFC 2361 gives WAV files a `codec` parameter: the format tag, in hexadecimal. Without one it is plain PCM for us.
async function wavType(handle: FileHandle): Promise<string> {
  const tag = await wavFormatTag(handle);
  return tag === null || PCM_TAGS.has(tag) ? 'audio/wav' : `audio/vnd.wave; codec=${tag.toString(16)}`;
}

/** Text in UTF-16 says so by its first two bytes, which could also begin an MPEG frame that nobody makes (layer I). */
function wideCharsetOf(head: Uint8Array, cut: boolean): string | null {
  const marks = [
    [0xff, 0xfe, 'utf-16le'],
    [0xfe, 0xff, 'utf-16be'],
  ] as const;
  const mark = marks.find(([first, second]) => head[0] === first && head[1] === second);
  return mark && isText(head, mark[2], cut) ? mark[2] : null;
}

/** The charset parameter if the bytes are text: none for UTF-8, or GB 18030, which much Chinese text still is. */
function charsetOf(head: Uint8Array, cut: boolean): string | null {
  if (isText(head, 'utf-8', cut)) return '';
  return isText(head, 'gb18030', cut) ? '; charset=gb18030' : null;
}

// Text has tabs, line ends, form feeds and escapes, and no other control characters.
function isText(bytes: Uint8Array, charset: string, cut: boolean): boolean {
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: cut });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);
  } catch {
    return false;
  }
}
