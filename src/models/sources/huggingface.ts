import type { HubLocator } from '../catalogue.ts';
import { download } from './download.ts';
import type { SourceKind } from './source.ts';

/** The Hugging Face hub or any server that speaks its addresses. */
export const huggingface: SourceKind = {
  id: 'huggingface',
  needsNetwork: true,
  locate: (file) => file.sources.huggingface,
  open: ({ settings, timeouts }) => ({
    id: 'huggingface',
    fetch: ({ file, locator, target }, { signal, onBytes }) => {
      const { repository, revision, path } = locator as HubLocator;
      const url = `${settings.hf.endpoint.replace(/\/+$/, '')}/${repository}/resolve/${revision}/${path}`;
      return download({ url, token: settings.hf.token, target, file, timeouts, signal, onBytes });
    },
  }),
};
