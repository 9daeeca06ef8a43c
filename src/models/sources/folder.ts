import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HubLocator } from '../catalogue.ts';
import { receive } from './receive.ts';
import { SourceFailure, type SourceKind } from './source.ts';

interface FolderLocator {
  readonly folder: string;
  readonly hub: HubLocator | undefined;
  /** A path in the folder that the entry names itself. */
  readonly named: string | true | undefined;
}

/** A folder the user names, laid out by our model ids or as on the hub. For machines without a network. */
export const folder: SourceKind = {
  id: 'folder',
  needsNetwork: false,
  locate: (file, { folder }): FolderLocator | undefined =>
    folder ? { folder, hub: file.sources.huggingface, named: file.sources.folder } : undefined,
  open: () => ({
    id: 'folder',
    async fetch({ model, file, locator, target }, { signal, onBytes }) {
      const { folder, hub, named } = locator as FolderLocator;
      const places = [
        join(folder, model, file.path),
        ...(typeof named === 'string' ? [join(folder, named)] : []),
        ...(hub ? [join(folder, hub.repository, hub.path)] : []),
      ];
      let found = `nothing at ${places.join(' or ')}`;
      for (const place of places) {
        const info = await stat(place).catch(() => null);
        if (!info?.isFile()) continue;
        if (info.size === file.sizeBytes) {
          const into = { target, fromByte: 0, limitBytes: file.sizeBytes, signal };
          await receive(createReadStream(place), { ...into, onBytes: (bytes) => onBytes(bytes, file.sizeBytes) });
          return;
        }
        found = `${place} is another file (${info.size} bytes, not ${file.sizeBytes})`;
      }
      throw new SourceFailure(found);
    },
  }),
};
