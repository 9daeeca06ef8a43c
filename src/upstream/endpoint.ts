import { BlockList, isIP } from 'node:net';
import type { Evidence } from '#contract/capabilities.ts';
import { SensoriumError } from '#contract/error.ts';

import { type Keys, type ModelFacts, type Vendor, vendorNamed } from '#vendors/index.ts';
import type { Peer } from './errors.ts';
import type { Patience } from './send.ts';

/** Where an endpoint lives, what opens it, and what is known of its models by their names there. */
export interface Provider {
  /** The vendor’s own address where it is left out. */
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | null | undefined;
  readonly apiSecret?: string | null | undefined;
  readonly appId?: string | null | undefined;
  /** How it wants to be spoken to, where that is not how a vendor of this name does. */
  readonly dialect?: string | undefined;
  readonly models?: Readonly<Record<string, ModelFacts>> | undefined;
  /** What was found out by asking it: between what its vendor says and what the user says. */
  readonly found?: Readonly<Record<string, { readonly facts: ModelFacts; readonly evidence: Evidence }>> | undefined;
  readonly patience?: Partial<Patience> | undefined;
}

/** An endpoint with everything needed to call it. */
export interface Endpoint {
  readonly name: string;
  readonly baseUrl: URL;
  readonly keys: Keys;
  /** Where its key is set, for hints. */
  readonly keyName: string;
  readonly dialect: string;
  /** The vendor, if this is its own server and not a look-alike. */
  readonly vendor: Vendor | null;
  readonly patience: Partial<Patience>;
}

/** The endpoint of a provider, or of a known vendor. Throws `config.invalid`. */
export function endpointOf(name: string, provider: Provider | undefined): Endpoint {
  const row = vendorNamed(name);
  const baseUrl = parseBaseUrl(name, provider?.baseUrl ?? row?.baseUrl ?? '');
  const spoken = vendorNamed(provider?.dialect ?? '');
  const isVendors = row !== null && (!row.isAlsoAnApi || baseUrl.host === new URL(row.baseUrl).host);
  return {
    name,
    baseUrl,
    keys: {
      apiKey: provider?.apiKey?.trim() || null,
      apiSecret: provider?.apiSecret?.trim() || null,
      appId: provider?.appId?.trim() || null,
    },
    keyName: row?.variables.apiKey ?? `providers.${name}.apiKey`,
    dialect: provider?.dialect ?? row?.dialect ?? 'openai',
    // Whoever speaks an API that many speak is not the vendor it is called after.
    vendor: isVendors ? row : spoken?.isAlsoAnApi ? null : spoken,
    patience: provider?.patience ?? {},
  };
}

/** Refuses an endpoint that cannot be called. Throws `….offline`, `….key-refused`. `what` is what was wanted there. */
export function mustBeOpen(
  { name, baseUrl, keys, keyName, vendor }: Endpoint,
  what: string,
  offline: boolean,
  stage: Peer['stage'] = 'ask',
): void {
  if (offline && !isThisMachine(baseUrl.hostname)) {
    throw new SensoriumError(`${stage}.offline`, `${what} is at ${baseUrl.host}, and the network is off.`, {
      hint: 'Use a local model, or allow the network (SENSORIUM_OFFLINE, offline).',
    });
  }
  if (vendor?.needsKey && keys.apiKey === null) {
    throw new SensoriumError(`${stage}.key-refused`, `${baseUrl.host} needs a key, and none is set.`, {
      hint: `Set ${keyName}, or point the base URL of ${name} to a server that needs none.`,
    });
  }
  for (const key of secretsOf(keys)) {
    if (/^[\x21-\x7e]+$/.test(key)) continue;
    throw new SensoriumError(`${stage}.key-refused`, `The key for ${name} holds characters that no key has.`, {
      hint: `Copy it again: ${keyName}.`,
    });
  }
}

/** What must never be repeated. */
export function secretsOf({ apiKey, apiSecret }: Keys): string[] {
  return [apiKey, apiSecret].filter((secret) => secret !== null);
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

/** The other side of an endpoint, as errors speak of it. */
export function peerAt(
  stage: Peer['stage'],
  { baseUrl, keys, keyName }: Pick<Endpoint, 'baseUrl' | 'keys' | 'keyName'>,
  model: string,
  classify?: Peer['classify'],
): Peer {
  return { stage, host: baseUrl.host, model, keyName, secrets: secretsOf(keys), classify };
}
