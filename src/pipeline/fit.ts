import { join, resolve } from 'node:path';
import { parseModelId } from '#ask/index.ts';
import type { Config } from '#config/index.ts';
import { SensoriumError } from '#contract/error.ts';
import type { ConnectorMethod } from '#contract/prompt-vectors.ts';
import { type FittedComponent, fitComponent } from '#inject/index.ts';
import { vectorModels } from './vector-models.ts';

export interface FitWish {
  /** The language model that is to understand the vectors: a local id, or a GGUF file. */
  readonly model: string;
  /** Pairs in a file, or another language model whose tokens are the pairs. */
  readonly from:
    | { readonly pairs: string; readonly encoder: string; readonly outputs: string | null }
    | { readonly model: string; readonly anchors: number };
  readonly method: ConnectorMethod;
  /** The folder that becomes the component. */
  readonly out: string;
}

export interface FitMeans {
  readonly config: Config;
  readonly home: string;
  /** The folder of a model of the store, fetched if need be. */
  ensure(model: string, signal: AbortSignal): Promise<string>;
  tell?(step: string): void;
}

/**
 * Fits a connector for a language model of this machine and writes its folder. Whether the model understands what it makes is for the
 * gate to say. Throws `inject.component-unusable` and `ask.unknown-model`.
 */
export async function fitConnectorOf(wish: FitWish, means: FitMeans, signal: AbortSignal): Promise<FittedComponent> {
  const { config, home, ensure, tell } = means;
  const models = vectorModels({ config, home, providers: {}, ensure });
  try {
    const model = await models.get(wish.model, signal);
    return await fitComponent({
      ...{ model, method: wish.method, folder: resolve(wish.out), signal, cacheFolder: join(home, 'tokens') },
      tell: (step) => tell?.(step),
      source:
        'pairs' in wish.from
          ? {
              kind: 'pairs',
              file: resolve(wish.from.pairs),
              encoder: wish.from.encoder,
              outputs: absolute(wish.from.outputs),
            }
          : { kind: 'table', path: await weightsOf(wish.from.model, ensure, signal), anchors: wish.from.anchors },
    });
  } finally {
    await models.close();
  }
}

async function weightsOf(name: string, ensure: FitMeans['ensure'], signal: AbortSignal): Promise<string> {
  const named = parseModelId(name);
  if (named.kind === 'local') return join(await ensure(named.model.storeId, signal), named.model.file);
  if (named.kind === 'file') return resolve(named.path);
  throw new SensoriumError('ask.unknown-model', `${name} is not on this machine, so its table cannot be read.`, {
    hint: 'Name a GGUF file, or a model of the store.',
  });
}

function absolute(path: string | null): string | null {
  return path === null ? null : resolve(path);
}
