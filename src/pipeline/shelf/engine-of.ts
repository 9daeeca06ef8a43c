import type { Config } from '#config/index.ts';
import { SensoriumError } from '#contract/error.ts';
import type { VectorStoreOptions } from '#store/index.ts';

/** Where vectors are kept, as the configuration says; `folder` is for the engines of this machine. Throws `store.unusable`. */
export function engineOf(
  { engine: kind, url, apiKey }: Pick<Config['store'], 'engine' | 'url' | 'apiKey'>,
  folder: string,
): VectorStoreOptions {
  if (kind === 'lancedb' || kind === 'sqlite') return { kind, folder };
  if (url !== null) return { kind, url, apiKey };
  throw new SensoriumError('store.unusable', `Vectors are to be kept by ${kind}, and nobody has said where it is.`, {
    hint: 'Set store.url (SENSORIUM_STORE_URL), or take store.engine lancedb, which needs no server.',
  });
}
