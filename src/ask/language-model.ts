import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelCapabilities } from '#contract/capabilities.ts';
import { SensoriumError } from '#contract/error.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { endpointOf, mustBeOpen, type Provider } from '#upstream/endpoint.ts';
import { remoteCapabilities } from './capabilities.ts';
import { LOCAL_LLAMA, LOCAL_MTMD, LOCAL_VECTORS, remoteDialect } from './dialects/index.ts';
import { GGUF_CAPABILITIES, LOCAL_CONTEXT_TOKENS, projectorCapabilities } from './local-models.ts';
import { type ModelId, parseModelId } from './model-id.ts';

export interface LanguageModelOptions {
  /** For a model of the store: its folder (or its GGUF file). Not used by others. */
  readonly modelDir?: string | undefined;
  /** Endpoints by name, as in `name:model`. Those of known vendors need only a key. */
  readonly providers?: Readonly<Record<string, Provider>> | undefined;
  readonly threads?: number | undefined;
  /** Room of a local model for a conversation with its answer, in tokens. */
  readonly contextTokens?: number | undefined;
  /** Questions that may wait for a local model while it answers another; one more is refused with `runtime.busy`. */
  readonly maxWaiting?: number | undefined;
  /** A local model is opened so that it takes vectors among its words. */
  readonly vectors?: boolean | undefined;
  /** What the user knows about the model; stands before what we know. */
  readonly capabilities?: Partial<ModelCapabilities> | undefined;
  /** Refuses endpoints on other machines. */
  readonly offline?: boolean | undefined;
}

/** What a model can do, known without opening it. Throws `ask.unknown-model`, `config.invalid`. */
export function capabilitiesOf(id: string, options: LanguageModelOptions = {}): ModelCapabilities {
  return withCapabilities(parseModelId(id, Object.keys(options.providers ?? {})), options);
}

function withCapabilities(named: ModelId, options: LanguageModelOptions): ModelCapabilities {
  const { contextTokens, capabilities } = options;
  const known = baseCapabilities(named, options);
  const sized = contextTokens && named.kind !== 'api' ? { ...known, contextTokens } : known;
  if (!capabilities) return sized;
  return { ...sized, source: 'configuration', ...capabilities, input: { ...sized.input, ...capabilities.input } };
}

function baseCapabilities(named: ModelId, { providers = {} }: LanguageModelOptions): ModelCapabilities {
  switch (named.kind) {
    case 'local':
      return named.model.capabilities;
    case 'file':
      return named.mmproj === undefined ? GGUF_CAPABILITIES : projectorCapabilities(named.mmproj);
    case 'api': {
      const provider = providers[named.provider];
      return remoteCapabilities(endpointOf(named.provider, provider), provider, named.model);
    }
  }
}

/**
 * The language model an id names, ready to be asked; nothing heavy is loaded before `warm` or the first question.
 * Throws `ask.unknown-model`, `ask.key-refused`, `ask.offline`, `config.invalid`.
 */
export async function languageModelFor(id: string, options: LanguageModelOptions = {}): Promise<LanguageModel> {
  const named = parseModelId(id, Object.keys(options.providers ?? {}));
  const capabilities = withCapabilities(named, options);
  if (named.kind === 'api') return openRemote(named, capabilities, options);
  const local = {
    id: named.kind === 'local' ? named.model.id : basename(named.path),
    path: named.kind === 'local' ? await weightsOf(named.model, options.modelDir) : named.path,
    capabilities,
    contextTokens: options.contextTokens ?? LOCAL_CONTEXT_TOKENS,
    threads: options.threads,
    maxWaiting: options.maxWaiting,
  };
  if (options.vectors) return LOCAL_VECTORS.open(local);
  if (named.kind === 'local' || named.mmproj === undefined) return LOCAL_LLAMA.open(local);
  return LOCAL_MTMD.open({ ...local, id: `${local.id}+${basename(named.mmproj)}`, mmproj: named.mmproj });
}

async function weightsOf(
  model: { readonly id: string; readonly file: string },
  place: string | undefined,
): Promise<string> {
  if (place === undefined) {
    throw new SensoriumError('ask.unknown-model', `The weights of ${model.id} are not on this machine.`, {
      hint: `Fetch them: sensorium models pull ${model.id}`,
    });
  }
  const isFile = (await stat(place).catch(() => null))?.isFile() ?? false;
  return isFile ? place : join(place, model.file);
}

function openRemote(
  { provider: name, model }: ModelId & { kind: 'api' },
  capabilities: ModelCapabilities,
  options: LanguageModelOptions,
): Promise<LanguageModel> {
  const endpoint = endpointOf(name, options.providers?.[name]);
  const id = `${name}:${model}`;
  mustBeOpen(endpoint, id, options.offline ?? false);
  const { baseUrl, keys, keyName, vendor, patience } = endpoint;
  if (vendor?.dialect === null && options.providers?.[name]?.dialect === undefined) {
    throw new SensoriumError('ask.unknown-model', `${vendor.title} has no language models.`, {
      hint: `Hear or speak with ${name}, and ask another model.`,
    });
  }
  const dialect = remoteDialect(endpoint.dialect);
  return dialect.open({
    id,
    model,
    baseUrl,
    keys,
    keyName,
    // Look-alikes rarely know the new name of the limit; the vendor itself may refuse the old one.
    maxTokensField: vendor?.maxTokensField ?? 'max_tokens',
    capabilities,
    patience,
  });
}
