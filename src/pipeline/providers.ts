import type { Config } from '#config/index.ts';
import type { Voice } from '#contract/ports.ts';
import { remoteVoicesOf } from '#speak/index.ts';
import type { Provider } from '#upstream/endpoint.ts';
import { type Prices, VENDORS } from '#vendors/index.ts';
import type { FoundModels } from './found.ts';

type Providers = Readonly<Record<string, Provider>>;

/** The configured providers, and all vendors, each with what was found out about its models. */
export function providersOf(config: Config, found: FoundModels): { configured: Providers; all: Providers } {
  const configured = Object.fromEntries(
    Object.entries(config.providers).map(([name, { timeouts, failuresBeforeRest, ...provider }]) => [
      name,
      withFound(name, found, {
        ...provider,
        patience: {
          ...ms('connectTimeoutMs', timeouts?.connect),
          ...ms('headTimeoutMs', timeouts?.firstByte),
          ...ms('wholeTimeoutMs', timeouts?.firstByte),
          ...ms('stallTimeoutMs', timeouts?.betweenBytes),
          ...(failuresBeforeRest === undefined ? {} : { failuresBeforeRest }),
        },
      }),
    ]),
  );
  const vendors = Object.fromEntries(VENDORS.map(({ name }) => [name, withFound(name, found, {})]));
  return { configured, all: { ...vendors, ...configured } };
}

function withFound(name: string, found: FoundModels, provider: Provider): Provider {
  return Object.defineProperty({ ...provider }, 'found', { enumerable: true, get: () => found.of(name) });
}

function ms<N extends string>(name: N, seconds: number | undefined): Partial<Record<N, number>> {
  return seconds === undefined ? {} : ({ [name]: seconds * 1000 } as Record<N, number>);
}

/** What the user says a model's tokens cost, else what its vendor's row does; `null` where nobody has. */
export function pricesOf(id: string, providers: Providers): Prices | null {
  const [, name = '', model = ''] = /^([^:]+):(.+)$/s.exec(id) ?? [];
  const models = providers[name]?.models ?? {};
  const own = Object.hasOwn(models, model) ? models[model]?.prices : undefined;
  const row = VENDORS.find((vendor) => vendor.name === name)?.models.find(({ names }) => names.test(model));
  return own ?? row?.facts.prices ?? null;
}

/** Voices of the vendors that are set up: those whose key is there, and those that need none. */
export function remoteVoices(providers: Providers): readonly Voice[] {
  return Object.entries(providers).flatMap(([name, { apiKey }]) => {
    const vendor = VENDORS.find((one) => one.name === name);
    return vendor?.needsKey && !apiKey ? [] : remoteVoicesOf(name);
  });
}
