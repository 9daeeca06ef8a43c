import { evidenceFor, type Known, type ModelCapabilities } from '#contract/capabilities.ts';
import type { MediaKind } from '#contract/media.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { request } from '#kit/http.ts';
import { readText } from '#upstream/send.ts';
import { UNKNOWN_CAPABILITIES } from '../capabilities.ts';
import { AGENT, bearer, endpoint } from './openai/engine.ts';
import { isObject, type Json } from './openai/usage.ts';
import type { RemoteOptions } from './remote.ts';

/** What a server says of the model it runs; what it does not say is left out. */
export interface Found {
  readonly input: Readonly<Partial<Record<MediaKind, Known>>>;
  readonly contextTokens?: number | undefined;
}

const TIMEOUT_MS = 1_000;
const MAX_BYTES = 4 * 2 ** 20;

/** An address at a server's root, whatever API its base URL names. */
export function atRoot(baseUrl: URL, path: string): URL {
  const url = endpoint(baseUrl, path);
  url.pathname = url.pathname.replace(/\/v1(?=\/)/, '');
  return url;
}

/** Asks a server about itself. It has a second; `null` when it cannot be reached, refuses or talks of something else. */
export async function askAbout(
  { baseUrl, keys }: RemoteOptions,
  path: string,
  question: object | null = null,
): Promise<Json | null> {
  try {
    const reply = await request(atRoot(baseUrl, path), {
      method: question === null ? 'GET' : 'POST',
      headers: { ...AGENT, ...bearer(keys.apiKey), accept: 'application/json', 'content-type': 'application/json' },
      ...(question === null ? {} : { body: JSON.stringify(question) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await readText(reply, MAX_BYTES);
    const json: unknown = reply.status === 200 ? JSON.parse(text) : null;
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

/**
 * A model that knows of itself what its server says. A server that could not be reached is asked again before the next
 * question, so that one that was still starting is not unknown for ever.
 */
export async function withDiscovery(
  model: LanguageModel,
  source: string,
  discover: () => Promise<Found | null>,
): Promise<LanguageModel> {
  let capabilities = model.capabilities;
  let isKnown = false;
  async function learn(): Promise<void> {
    const found = await discover();
    if (found === null) return;
    isKnown = true;
    capabilities = withFound(model.capabilities, found, source);
  }
  await learn();
  return {
    ...model,
    get capabilities() {
      return capabilities;
    },
    async *ask(request, context) {
      if (!isKnown) await learn();
      yield* model.ask(request, context);
    },
  };
}

/** Capabilities with what a server says of itself put before what its vendor says; what the user says stays. */
function withFound(known: ModelCapabilities, { input, contextTokens }: Found, source: string): ModelCapabilities {
  const evidence = { source, date: new Date().toISOString().slice(0, 10) };
  const kinds = (Object.keys(input) as MediaKind[]).filter(
    (kind) => known.input[kind] === 'unknown' || evidenceFor(known, `input.${kind}`).source !== 'configuration',
  );
  return {
    ...known,
    input: { ...known.input, ...Object.fromEntries(kinds.map((kind) => [kind, input[kind]])) },
    contextTokens: known.contextTokens ?? contextTokens ?? null,
    ...(known.source === UNKNOWN_CAPABILITIES.source ? evidence : {}),
    evidence: { ...known.evidence, ...Object.fromEntries(kinds.map((kind) => [`input.${kind}`, evidence])) },
  };
}
