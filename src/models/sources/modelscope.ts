import type { HubLocator } from '../catalogue.ts';
import { download } from './download.ts';
import type { SourceKind } from './source.ts';

const ENDPOINT = 'https://www.modelscope.cn';

/** The ModelScope hub, near for users in China. */
export const modelscope: SourceKind = {
  id: 'modelscope',
  needsNetwork: true,
  locate: (file) => file.sources.modelscope,
  open: ({ settings, timeouts }) => ({
    id: 'modelscope',
    fetch: ({ file, locator, target }, { signal, onBytes }) => {
      const { repository, revision, path } = locator as HubLocator;
      const endpoint = (settings.modelscope?.endpoint ?? ENDPOINT).replace(/\/+$/, '');
      const url = `${endpoint}/models/${repository}/resolve/${revision}/${path}`;
      return download({ url, target, file, timeouts, signal, onBytes });
    },
  }),
};
