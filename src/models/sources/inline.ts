import { writeFile } from 'node:fs/promises';
import type { SourceKind } from './source.ts';

/** Small files whose content the catalogue holds itself. */
export const inline: SourceKind = {
  id: 'inline',
  needsNetwork: false,
  locate: (file) => file.sources.inline,
  open: () => ({
    id: 'inline',
    async fetch({ locator, target }, { onBytes }) {
      const text = inlineText(locator);
      await writeFile(target, text);
      onBytes(Buffer.byteLength(text), Buffer.byteLength(text));
    },
  }),
};

/** What an inline value looks like as a file: a string as it is, anything else as JSON indented by two. */
export function inlineText(value: unknown): string {
  return typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`;
}
