import { broken } from '../../files/failure.ts';

const LOOKED_AT_BYTES = 4_096;

/**
 * The text of an HTML file: its encoding by its byte order mark, then by what its head declares (WHATWG HTML, 13.2.3.2), then by
 * what was told of it, else UTF-8 or, where it is not, GB 18030, which holds GBK and GB 2312. `replaced` counts characters no encoding could tell.
 */
export function decodeHtml(
  bytes: Uint8Array,
  told: string | null,
  name: string,
): { readonly text: string; readonly replaced: number } {
  const charset = markOf(bytes) ?? declaredIn(bytes) ?? told ?? (isUtf8(bytes) ? 'utf-8' : 'gb18030');
  let text: string;
  try {
    text = new TextDecoder(charset).decode(bytes);
  } catch (error) {
    throw broken(name, `nothing here knows its encoding ${charset}`, error);
  }
  return { text, replaced: text.split('\ufffd').length - 1 };
}

function markOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

function declaredIn(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, LOOKED_AT_BYTES)).toString('latin1');
  const label =
    /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{1,30})/i.exec(head)?.[1] ??
    /^<\?xml[^>]{0,80}encoding\s*=\s*["']([\w-]{1,30})/.exec(head)?.[1];
  if (label === undefined) return null;
  try {
    const { encoding } = new TextDecoder(label);
    // A page that declares UTF-16 in bytes that can be read as ASCII is not in UTF-16.
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return null;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
