import { BlockList, isIP } from 'node:net';
import { SensoriumError } from '#contract/error.ts';
import type { ModelCapabilities } from '#contract/ports.ts';
import { type ModelFacts, UNKNOWN_CAPABILITIES, withFacts } from './capabilities.ts';
import { VENDORS, type Vendor } from './vendors.ts';

/** Where an OpenAI-compatible endpoint lives, what opens it, and what the user knows of its models by their names there. */
export interface Provider {
  readonly baseUrl: string;
  readonly apiKey?: string | null | undefined;
  readonly models?: Readonly<Record<string, ModelFacts>> | undefined;
}

/** An endpoint with everything needed to call it. */
export interface Endpoint {
  readonly name: string;
  readonly baseUrl: URL;
  readonly apiKey: string | null;
  /** Where its key is set, for hints. */
  readonly keyName: string;
  /** The vendor, if this is its own server and not a look-alike. */
  readonly vendor: Vendor | null;
}

/** The endpoint of a provider, or of a known vendor. Throws `config.invalid`. */
export function endpointOf(name: string, provider: Provider | undefined): Endpoint {
  const row = VENDORS.find((vendor) => vendor.name === name);
  const baseUrl = parseBaseUrl(name, provider?.baseUrl ?? row?.baseUrl ?? '');
  return {
    name,
    baseUrl,
    apiKey: provider?.apiKey?.trim() || null,
    keyName: row?.keyName ?? `providers.${name}.apiKey`,
    vendor: row && baseUrl.host === new URL(row.baseUrl).host ? row : null,
  };
}

/** Refuses an endpoint that cannot be called. Throws `ask.offline`, `ask.key-refused`. `what` is what was wanted there. */
export function mustBeOpen({ name, baseUrl, apiKey, keyName, vendor }: Endpoint, what: string, offline: boolean): void {
  if (offline && !isThisMachine(baseUrl.hostname)) {
    throw new SensoriumError('ask.offline', `${what} is at ${baseUrl.host}, and the network is off.`, {
      hint: 'Use a local model, or allow the network (SENSORIUM_OFFLINE, offline).',
    });
  }
  if (vendor !== null && apiKey === null) {
    throw new SensoriumError('ask.key-refused', `${baseUrl.host} needs a key, and none is set.`, {
      hint: `Set ${keyName}, or point the base URL of ${name} to a server that needs none.`,
    });
  }
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new SensoriumError('ask.key-refused', `The key for ${name} holds characters that no key has.`, {
      hint: `Copy it again: ${keyName}.`,
    });
  }
}

/** What a model behind an API can do: as the user says, else as its vendor says, else nobody knows. */
export function remoteCapabilities(
  { vendor }: Endpoint,
  provider: Provider | undefined,
  model: string,
): ModelCapabilities {
  const row = vendor?.models.find(({ names }) => names.test(model));
  const known = row ? withFacts(UNKNOWN_CAPABILITIES, row.facts, row.source) : UNKNOWN_CAPABILITIES;
  const models = provider?.models ?? {};
  const facts = Object.hasOwn(models, model) ? models[model] : undefined;
  return facts ? withFacts(known, facts, 'configuration') : known;
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
