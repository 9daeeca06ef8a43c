import type { ModelCapabilities } from '#contract/capabilities.ts';
import { isSensoriumError } from '#contract/error.ts';

import { orCancelled } from '#kit/abort.ts';
import { nowMs } from '#kit/clock.ts';
import { endpointOf, mustBeOpen, type Provider } from '#upstream/endpoint.ts';
import { remoteCapabilities } from './capabilities.ts';

/** The models of all providers that answered, and the names of those that did not. */
export interface RemoteModels {
  readonly models: readonly { readonly id: string; readonly capabilities: ModelCapabilities }[];
  readonly unreachable: readonly string[];
}

const KEPT_MS = 5 * 60_000;
/** A provider that does not answer must not hold up every list, and may be back soon. */
const KEPT_FAILURE_MS = 30_000;
const TIMEOUT_MS = 3_000;

interface Asked {
  readonly names: Promise<readonly string[] | null>;
  untilMs: number;
}

const kept = new WeakMap<Provider, Asked>();

/**
 * The models that each provider lists, as `provider:model`. One that does not answer in time (3 s), or that may not be called
 * (offline, a key that is none), is named as unreachable; a vendor's own server without a key is no provider yet and is
 * not asked. What a provider said counts for 5 minutes.
 */
export async function listRemoteModels(
  providers: Readonly<Record<string, Provider>>,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly offline?: boolean | undefined;
    readonly timeoutMs?: number | undefined;
  } = {},
): Promise<RemoteModels> {
  const { signal, offline = false, timeoutMs = TIMEOUT_MS } = options;
  const asking = Object.entries(providers).map(([name, provider]) => modelsOf(name, provider, offline, timeoutMs));
  const asked = await orCancelled(Promise.all(asking), signal);
  return {
    models: asked.flatMap(({ models }) => models ?? []),
    unreachable: asked.flatMap(({ unreachable }) => unreachable),
  };
}

async function modelsOf(
  name: string,
  provider: Provider,
  offline: boolean,
  timeoutMs: number,
): Promise<{ models?: RemoteModels['models']; unreachable: readonly string[] }> {
  try {
    const endpoint = endpointOf(name, provider);
    if (endpoint.vendor?.needsKey && endpoint.keys.apiKey === null) return { unreachable: [] };
    if (endpoint.vendor?.listsModels === false) return { unreachable: [] };
    mustBeOpen(endpoint, `The list of ${name}’s models`, offline);
    const names = await namesOf(provider, async () => {
      const { listModels } = await import('./dialects/openai/list.ts');
      return listModels({ baseUrl: endpoint.baseUrl, apiKey: endpoint.keys.apiKey }, AbortSignal.timeout(timeoutMs));
    });
    if (names === null) return { unreachable: [name] };
    const models = names.map((model) => ({
      id: `${name}:${model}`,
      capabilities: remoteCapabilities(endpoint, provider, model),
    }));
    return { models, unreachable: [] };
  } catch (error) {
    if (!isSensoriumError(error)) throw error;
    return { unreachable: [name] };
  }
}

function namesOf(provider: Provider, ask: () => Promise<readonly string[]>): Asked['names'] {
  const known = kept.get(provider);
  if (known && known.untilMs > nowMs()) return known.names;
  const asked: Asked = {
    untilMs: nowMs() + KEPT_MS,
    names: ask().catch(() => {
      asked.untilMs = nowMs() + KEPT_FAILURE_MS;
      return null;
    }),
  };
  kept.set(provider, asked);
  return asked.names;
}
