import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseModelId } from '#ask/index.ts';
import type { Config } from '#config/index.ts';
import { SensoriumError } from '#contract/error.ts';
import type { VectorModel } from '#contract/ports.ts';
import type { ServerFinding } from '#inject/index.ts';
import { endpointOf, type Provider } from '#upstream/endpoint.ts';
import { type Pool, pool } from './pool.ts';

export interface VectorModelSources {
  readonly config: Pick<Config, 'providers' | 'threads' | 'offline'>;
  readonly home: string;
  readonly providers: Readonly<Record<string, Provider>>;
  /** The folder of a model of the store, fetched if need be. */
  ensure(model: string, signal: AbortSignal): Promise<string>;
}

/** A vector model, and its GGUF file where it runs on this machine. */
export interface OpenVectorModel extends VectorModel {
  readonly path?: string | undefined;
  /** There where a server runs it: whether that takes vectors. */
  probe?(signal: AbortSignal): Promise<ServerFinding>;
}

/** Language models by the names people ask them by, opened for vectors, each once. */
export function vectorModels({ config, home, providers, ensure }: VectorModelSources): Pool<OpenVectorModel> {
  const threads = config.threads ?? Math.min(4, availableParallelism());
  return pool(async (name, signal): Promise<OpenVectorModel> => {
    const named = parseModelId(name, Object.keys(providers));
    const { openLocalVectorModel, openRemoteVectorModel } = await import('#inject/index.ts');
    if (named.kind === 'api') {
      const { provider, model } = named;
      const tokens = config.providers[provider]?.models?.[model]?.tokenizer;
      if (tokens === undefined) throw unknownTable(provider, model);
      const endpoint = endpointOf(provider, providers[provider]);
      const { offline } = config;
      return openRemoteVectorModel({
        id: name,
        endpoint,
        model,
        tokens,
        cacheFolder: join(home, 'tokens'),
        offline,
        signal,
      });
    }
    const path = named.kind === 'file' ? named.path : join(await ensure(named.model.storeId, signal), named.model.file);
    return openLocalVectorModel({ id: name, path, threads, signal });
  });
}

function unknownTable(provider: string, model: string): SensoriumError {
  return new SensoriumError(
    'inject.engine-unusable',
    `Nobody said where the tokenizer and the table of ${model} lie.`,
    {
      hint: `Set providers.${provider}.models.${model}.tokenizer to its GGUF file, or to its folder with tokenizer.json and safetensors.`,
      details: { code: 'EMB_SERVER_UNSUPPORTED' },
    },
  );
}
