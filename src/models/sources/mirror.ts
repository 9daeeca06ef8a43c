import type { HubLocator } from '../catalogue.ts';
import { download } from './download.ts';
import { SourceFailure, type SourceKind } from './source.ts';

interface MirrorLocator {
  readonly address: string;
  readonly hub: HubLocator | undefined;
}

/** A web server of the user's own, laid out by our model ids (a filled `models/` folder behind it) or as the hub is. */
export const mirror: SourceKind = {
  id: 'mirror',
  needsNetwork: true,
  locate: (file, { mirror }): MirrorLocator | undefined =>
    mirror ? { address: mirror.replace(/\/+$/, ''), hub: file.sources.huggingface } : undefined,
  open: ({ timeouts }) => ({
    id: 'mirror',
    async fetch({ model, file, locator, target }, { signal, onBytes }) {
      const { address, hub } = locator as MirrorLocator;
      const rest = { target, file, timeouts, signal, onBytes };
      try {
        await download({ url: `${address}/${model}/${file.path}`, ...rest });
      } catch (error) {
        if (!hub || !(error instanceof SourceFailure)) throw error;
        await download({ url: `${address}/${hub.repository}/resolve/${hub.revision}/${hub.path}`, ...rest });
      }
    },
  }),
};
