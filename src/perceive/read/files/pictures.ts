import { SensoriumError } from '#contract/error.ts';
import type { Pixels } from '#contract/media.ts';
import type { TextLine } from '#contract/perception.ts';
import type { CallContext, Reader, ReadText } from '#contract/ports.ts';
import { codePoints } from '#kit/code-points.ts';
import { cleaned } from './inline.ts';
import type { DraftPage, FoundPicture } from './told.ts';

/** Turns the bytes of a picture into pixels, bounded. Throws `see.*` or `media.*` for what it cannot. */
export type DecodePicture = (bytes: Uint8Array, signal: AbortSignal) => Promise<Pixels>;

/** The pictures of one document as far as they were read. */
export interface Pictures {
  /** Reads a picture once, however often it stands in the document. */
  take(id: string, bytes: Uint8Array): Promise<void>;
  textOf(id: string): ReadText | null;
  /** Pictures nobody read that have no words of their own either. */
  readonly silent: ReadonlySet<string>;
  /** Pictures that could not be decoded or read. */
  readonly failed: ReadonlySet<string>;
  seen(picture: FoundPicture): void;
}

/** Reads the writing in pictures with a reader, where there is one. A picture that cannot be decoded is counted, not thrown. */
export function picturesOf(
  { part, reader, decode }: { part: string; reader: Reader | null; decode: DecodePicture },
  context: CallContext,
): Pictures {
  const texts = new Map<string, ReadText>();
  const silent = new Set<string>();
  const failed = new Set<string>();
  return {
    silent,
    failed,
    textOf: (id) => texts.get(id) ?? null,
    seen({ id, alt }) {
      if (alt === '' && (texts.get(id)?.text ?? '') === '') silent.add(id);
    },
    async take(id, bytes) {
      if (!reader || texts.has(id)) return;
      try {
        texts.set(id, await reader.read({ part, pixels: await decode(bytes, context.signal) }, context));
      } catch (error) {
        if (!isOfPicture(error)) throw error;
        failed.add(id);
      }
    },
  };
}

function isOfPicture(error: unknown): boolean {
  return error instanceof SensoriumError && /^(see|media)\./.test(error.code);
}

const QUOTE = '> ';

/** A page's text with its pictures: their alternative text where they stand, what is written in them quoted below. */
export function pageText(
  { blocks }: DraftPage,
  pictures: Pictures,
  language: 'en' | 'zh',
): { readonly text: string; readonly lines: readonly TextLine[] } {
  const written: string[] = [];
  const lines: TextLine[] = [];
  // Only lines of pictures need to know where they stand.
  const mustCount = blocks.some((block) => typeof block !== 'string' && pictures.textOf(block.id) !== null);
  let at = 0;
  for (const block of blocks) {
    const found = typeof block === 'string' ? null : block;
    if (found) pictures.seen(found);
    const read = found && pictures.textOf(found.id);
    const head = typeof block === 'string' ? trimmed(block, written.length === 0) : pictureMark(block.alt, language);
    const body = read ? cleaned(read.text) : '';
    const whole = body === '' ? head : `${head}\n${body.replaceAll(/^/gm, QUOTE)}`;
    if (whole === '') continue;
    if (written.length > 0) at += 2;
    if (read && body !== '') {
      const same = body === read.text;
      const from = at + codePoints(head) + 1;
      lines.push(...read.lines.map((line) => ({ ...line, start: same ? quoted(line.start, read.text, from) : null })));
    }
    written.push(whole);
    if (mustCount) at += codePoints(whole);
  }
  return { text: written.join('\n\n'), lines };
}

// The first line of a list may be indented, unless the page begins with it.
function trimmed(block: string, isFirst: boolean): string {
  const text = cleaned(block)
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
  return isFirst ? text.trimStart() : text;
}

// Every line before it, and its own, got a mark of quotation.
function quoted(start: number | null, text: string, from: number): number | null {
  if (start === null) return null;
  const before = [...text].slice(0, start).filter((character) => character === '\n').length;
  return from + start + QUOTE.length * (before + 1);
}

/** How a picture stands in Markdown text. */
export function pictureMark(alt: string, language: 'en' | 'zh'): string {
  const words = cleaned(alt).replaceAll(/\s+/g, ' ').replaceAll(/[[\]]/g, '').trim();
  return `![${words === '' ? (language === 'zh' ? '图片' : 'picture') : words}]`;
}
