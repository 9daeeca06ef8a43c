import { download } from './download.ts';
import type { SourceKind } from './source.ts';

/** A plain address, such as a release's attachment or a file at a commit. */
export const url: SourceKind = {
  id: 'url',
  needsNetwork: true,
  locate: (file) => file.sources.url,
  open: ({ timeouts }) => ({
    id: 'url',
    fetch: ({ file, locator, target }, { signal, onBytes }) =>
      download({ url: locator as string, target, file, timeouts, signal, onBytes }),
  }),
};
