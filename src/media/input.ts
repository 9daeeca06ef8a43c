import { fileURLToPath } from 'node:url';
import type { Spool } from './spool.ts';

/** Where a medium comes from. `data:` URLs are URLs. What is spooled is taken over, not copied: only once. */
export type MediaInput =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string; readonly name?: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly name?: string }
  | { readonly kind: 'spooled'; readonly spool: Spool; readonly name?: string; readonly source?: 'bytes' | 'data-url' };

/** Decides what a person meant by a piece of text: a URL (any scheme with `//`, or `data:`), else a path. */
export function takeInput(text: string): MediaInput {
  if (/^file:\/\//i.test(text)) return { kind: 'path', path: fileURLToPath(text) };
  if (/^([a-z][a-z0-9+.-]*:\/\/|data:)/i.test(text)) return { kind: 'url', url: text };
  return { kind: 'path', path: text };
}

/** What a person would call it: the last part of a path or URL, without control characters, never empty. */
export function plainName(text: string, otherwise: string): string {
  const last = text.split(/[\\/]/).pop() ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return last.replace(/[\u0000-\u001f\u007f-\u009f]/g, '').slice(-200) || otherwise;
}
