import { LRUCache } from 'lru-cache';
import { type LanguageModelOptions, languageModelFor, parseModelId } from '#ask/index.ts';
import { SensoriumError } from '#contract/error.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { type Lazy, lazy } from './lazy.ts';

export interface LanguageModelPool {
  /** Throws `ask.unknown-model` when there is no such model here; loads nothing. */
  check(id: string): void;
  get(id: string, signal: AbortSignal): Promise<LanguageModel>;
  /** Opens a model behind an API anew when it is next needed, since more is known of it now. */
  reopen(id: string): void;
  close(): Promise<void>;
}

/** Callers choose the names of models behind an API, so only so many of them are remembered. */
const MOST_API_MODELS = 100;

/**
 * Every language model a request may name, each made once. A weights file is used only where it is the configured model:
 * a caller must not make the server open files.
 */
export function languageModels(
  configured: string,
  options: LanguageModelOptions,
  ensure: (model: string, signal: AbortSignal) => Promise<string>,
): LanguageModelPool {
  const providers = Object.keys(options.providers ?? {});
  const local = new Map<string, Lazy<LanguageModel>>();
  const api = new LRUCache<string, Lazy<LanguageModel>>({ max: MOST_API_MODELS });

  function named(id: string) {
    const model = parseModelId(id, providers);
    if (model.kind !== 'file' || id === configured) return model;
    throw new SensoriumError('ask.unknown-model', 'A file of weights can only be named in the configuration.', {
      hint: 'Set ask.model to it, or name a model of the store.',
    });
  }

  function entry(id: string): Lazy<LanguageModel> {
    const model = named(id);
    const kept = model.kind === 'api' ? api : local;
    const known = kept.get(id);
    if (known) return known;
    const made = lazy(async (signal) => {
      const modelDir = model.kind === 'local' ? await ensure(model.model.storeId, signal) : undefined;
      return languageModelFor(id, { ...options, modelDir });
    });
    kept.set(id, made);
    return made;
  }

  return {
    check: (id) => void named(id),
    get: (id, signal) => entry(id).get(signal),
    reopen: (id) => void api.delete(id),
    async close() {
      await Promise.allSettled([...local.values()].map(async ({ made }) => (await made)?.close()));
    },
  };
}
