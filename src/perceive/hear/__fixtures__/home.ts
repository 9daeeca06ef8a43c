import { loadConfig } from '#config/index.ts';
import { createModelStore } from '#models/index.ts';

/** The folder of a model in this machine's store, fetched first if it is not there. */
export function modelDir(model: string): Promise<string> {
  const { config, home } = loadConfig();
  const { sources, folder, mirror, huggingfaceEndpoint, huggingfaceToken } = config.models;
  const store = createModelStore({
    home,
    offline: config.offline,
    sources,
    hf: { endpoint: huggingfaceEndpoint, token: huggingfaceToken ?? undefined },
    folder: folder ?? undefined,
    mirror: mirror ?? undefined,
  });
  return store.ensure(model, { signal: new AbortController().signal });
}
