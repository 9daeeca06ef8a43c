import { type FileHandle, open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import type { MediaKind } from '#contract/media.ts';
import { compoundType } from './compound.ts';
import { wavFormatTag } from './engines/wav/header.ts';
import { textType } from './text-type.ts';

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
  /^application\/(pdf|rtf|msword|epub\+zip|vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-word|ms-excel|ms-powerpoint|ms-office)\b.*)$/;
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
    if (wide) return textOf(head, wide, cut, 'text/plain');
    const known = await fileTypeFromFile(path);
    if (known?.mime === 'application/x-cfb') return named((await compoundType(handle, head)) ?? known.mime);
    if (known && !MARKUP.has(known.mime)) return named(SAME[known.mime] ?? known.mime);
    const charset = charsetOf(head, cut);
    if (charset !== null) return textOf(head, charset, cut, known?.mime ?? 'text/plain');
    if (isPage(head)) return { kind: 'document', mimeType: 'text/html' };
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

/** UTF-8, or GB 18030, which much Chinese text still is, if the bytes are text in it. */
function charsetOf(head: Uint8Array, cut: boolean): string | null {
  return ['utf-8', 'gb18030'].find((charset) => isText(head, charset, cut)) ?? null;
}

// UTF-8 goes without saying.
function textOf(head: Uint8Array, charset: string, cut: boolean, otherwise: string): Sniffed {
  const type = textType(new TextDecoder(charset).decode(head, { stream: cut }));
  const parameter = charset === 'utf-8' ? '' : `; charset=${charset}`;
  return { kind: type?.kind ?? 'text', mimeType: `${type?.mimeType ?? otherwise}${parameter}` };
}

// A page may be in an encoding that only its own head names. What no text has is looked for here too.
function isPage(head: Buffer): boolean {
  const text = head.toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return textType(text)?.kind === 'document' && !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);
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
