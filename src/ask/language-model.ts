import { stat } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';
import { basename, join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { LanguageModel, ModelCapabilities } from '#contract/ports.ts';
import { DIALECTS } from './dialects/index.ts';
import { GGUF_CAPABILITIES, LOCAL_CONTEXT_TOKENS } from './local-models.ts';
import { type ModelId, parseModelId } from './model-id.ts';
import { VENDORS } from './vendors.ts';

/** Where an OpenAI-compatible endpoint lives and what opens it. */
export interface Provider {
  readonly baseUrl: string;
  readonly apiKey?: string | null | undefined;
}

export interface LanguageModelOptions {
  /** For a model of the store: its folder (or its GGUF file). Not used by others. */
  readonly modelDir?: string | undefined;
  /** Endpoints by name, as in `name:model`. Those of known vendors need only a key. */
  readonly providers?: Readonly<Record<string, Provider>> | undefined;
  readonly threads?: number | undefined;
  /** Room of a local model for a conversation with its answer, in tokens. */
  readonly contextTokens?: number | undefined;
  /** What the user knows about the model; stands before what we know. */
  readonly capabilities?: Partial<ModelCapabilities> | undefined;
  /** Refuses endpoints on other machines. */
  readonly offline?: boolean | undefined;
}

/** What is known of a model behind an API until somebody says more. */
const UNKNOWN_CAPABILITIES: ModelCapabilities = {
  input: { text: true, audio: 'unknown', image: 'unknown', video: 'unknown', document: 'unknown' },
  output: { text: true, audio: 'unknown' },
  embeddings: 'unknown',
  contextTokens: null,
  languages: 'unknown',
  source: 'nobody said',
};

/** What a model can do, known without opening it. Throws `ask.unknown-model`. */
export function capabilitiesOf(id: string, options: LanguageModelOptions = {}): ModelCapabilities {
  return withCapabilities(parseModelId(id, Object.keys(options.providers ?? {})), options);
}

function withCapabilities(named: ModelId, { contextTokens, capabilities }: LanguageModelOptions): ModelCapabilities {
  const known = baseCapabilities(named);
  const sized = contextTokens && named.kind !== 'api' ? { ...known, contextTokens } : known;
  if (!capabilities) return sized;
  return { ...sized, source: 'configuration', ...capabilities, input: { ...sized.input, ...capabilities.input } };
}

function baseCapabilities(named: ModelId): ModelCapabilities {
  switch (named.kind) {
    case 'local':
      return named.model.capabilities;
    case 'file':
      return GGUF_CAPABILITIES;
    case 'api':
      return UNKNOWN_CAPABILITIES;
  }
}

/**
 * The language model an id names, ready to be asked; nothing heavy is loaded before `warm` or the first question.
 * Throws `ask.unknown-model`, `ask.key-refused`, `ask.offline`, `config.invalid`.
 */
export async function languageModelFor(id: string, options: LanguageModelOptions = {}): Promise<LanguageModel> {
  const named = parseModelId(id, Object.keys(options.providers ?? {}));
  const capabilities = withCapabilities(named, options);
  if (named.kind === 'api') return openEndpoint(named, capabilities, options);
  return DIALECTS['local-llama'].open({
    id: named.kind === 'local' ? named.model.id : basename(named.path),
    path: named.kind === 'local' ? await weightsOf(named.model, options.modelDir) : named.path,
    capabilities,
    contextTokens: options.contextTokens ?? LOCAL_CONTEXT_TOKENS,
    threads: options.threads,
  });
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

function openEndpoint(
  { provider: name, model }: ModelId & { kind: 'api' },
  capabilities: ModelCapabilities,
  options: LanguageModelOptions,
): Promise<LanguageModel> {
  const vendor = VENDORS.find((row) => row.name === name);
  const provider = options.providers?.[name];
  const baseUrl = parseBaseUrl(name, provider?.baseUrl ?? vendor?.baseUrl ?? '');
  const keyName = vendor?.keyName ?? `providers.${name}.apiKey`;
  const isVendorsOwn = vendor !== undefined && baseUrl.host === new URL(vendor.baseUrl).host;
  const apiKey = provider?.apiKey?.trim() || null;
  if (options.offline && !isThisMachine(baseUrl.hostname)) {
    throw new SensoriumError('ask.offline', `${name}:${model} is at ${baseUrl.host}, and the network is off.`, {
      hint: 'Use a local model, or allow the network (SENSORIUM_OFFLINE, offline).',
    });
  }
  if (isVendorsOwn && apiKey === null) {
    throw new SensoriumError('ask.key-refused', `${baseUrl.host} needs a key, and none is set.`, {
      hint: `Set ${keyName}, or point the base URL of ${name} to a server that needs none.`,
    });
  }
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new SensoriumError('ask.key-refused', `The key for ${name} holds characters that no key has.`, {
      hint: `Copy it again: ${keyName}.`,
    });
  }
  return DIALECTS.openai.open({
    id: `${name}:${model}`,
    model,
    baseUrl,
    apiKey,
    // Look-alikes rarely know the new name of the limit; the vendor itself may refuse the old one.
    vendor: { keyName, maxTokensField: isVendorsOwn ? vendor.maxTokensField : 'max_tokens' },
    capabilities,
  });
}

function parseBaseUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new SensoriumError('config.invalid', `The base URL of ${name} is not an http or https address.`, {
    hint: `Set providers.${name}.baseUrl, for example to http://127.0.0.1:8080/v1.`,
  });
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

function isThisMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(host);
  return host === 'localhost' || (version !== 0 && LOOPBACK.check(host, version === 6 ? 'ipv6' : 'ipv4'));
}
