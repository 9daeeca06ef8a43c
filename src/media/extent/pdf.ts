import { createReadStream } from 'node:fs';
import { throwIfCancelled } from '#kit/abort.ts';

const OVERLAP_CHARS = 512;
const MAX_WALKED_BYTES = 512 * 2 ** 20;

/**
 * How many pages a PDF says it has (ISO 32000-1, 7.7.3.2 and annex F): the largest count in its page tree or its
 * linearization dictionary, as far as they are written in plain; `null` where they are inside compressed streams, which are
 * not unpacked for this.
 */
export async function pdfPages(path: string, signal: AbortSignal): Promise<number | null> {
  let pages: number | null = null;
  let tail = '';
  for await (const bytes of createReadStream(path, { end: MAX_WALKED_BYTES, highWaterMark: 256 * 1024 })) {
    throwIfCancelled(signal);
    const text = tail + (bytes as Buffer).toString('latin1');
    for (const count of counts(text)) pages = Math.max(pages ?? 0, count);
    tail = text.slice(-OVERLAP_CHARS);
  }
  return pages;
}

const PAGES = /\/Type\s{0,9}\/Pages\b|\/Linearized\b/g;

function* counts(text: string): Generator<number> {
  for (const match of text.matchAll(PAGES)) {
    // The dictionary around the match: from the last `obj` before it to the first `endobj` after it.
    const before = text.slice(Math.max(0, match.index - OVERLAP_CHARS), match.index);
    const after = text.slice(match.index, match.index + OVERLAP_CHARS);
    const end = after.indexOf('endobj');
    const around = before.slice(before.lastIndexOf('obj') + 1) + (end < 0 ? after : after.slice(0, end));
    const count = (match[0] === '/Linearized' ? /\/N\s{1,9}(\d{1,10})\b/ : /\/Count\s{1,9}(\d{1,10})\b/).exec(around);
    if (count) yield Number(count[1]);
  }
}
