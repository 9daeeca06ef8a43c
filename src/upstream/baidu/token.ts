import { SensoriumError } from '#contract/error.ts';
import { orCancelled } from '#kit/abort.ts';
import { nowMs } from '#kit/clock.ts';
import { connectionError, type Peer } from '../errors.ts';
import { type Patience, readText, send } from '../send.ts';
import { baiduAddress } from './address.ts';

/** A token, how long it may be used, and what it may be used for (`null` where that was not said). */
interface Token {
  readonly value: string;
  readonly untilMs: number;
  readonly scope: readonly string[] | null;
}

/** What is asked for a token, and how. */
export interface TokenRequest {
  readonly baseUrl: URL;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The token must have one of these. */
  readonly scopes: readonly string[];
  readonly peer: Peer;
  readonly patience: Patience;
}

/** Baidu's access tokens, each fetched once and kept until shortly before it expires. */
export interface BaiduTokens {
  /** Throws `….key-refused` for keys Baidu does not know or that may not use the service, and what `send` throws. */
  take(request: TokenRequest, signal: AbortSignal): Promise<string>;
  /** Baidu no longer takes this token: the next caller gets another. */
  forget(token: string): void;
}

const MAX_BYTES = 64 * 1024;
const LONGEST_MARGIN_S = 3_600;
/** Of a token that does not say how long it is good. */
const UNTOLD_LIFE_S = 3_600;

/** Keeps tokens by the keys they were fetched with. Callers that come at once share one request. */
export function baiduTokens(now: () => number = nowMs): BaiduTokens {
  const kept = new Map<string, Token>();
  const fetching = new Map<string, Promise<Token>>();

  async function fetched(name: string, request: TokenRequest): Promise<Token> {
    const token = await fetchToken(request, now);
    kept.set(name, token);
    return token;
  }

  return {
    async take(request, signal) {
      const name = JSON.stringify([request.baseUrl.href, request.apiKey, request.apiSecret]);
      const known = kept.get(name);
      if (known && known.untilMs > now()) return permitted(known, request);
      // Hearing and speaking word a failure each in their own way.
      const asking = `${request.peer.stage} ${name}`;
      const running = fetching.get(asking) ?? fetched(name, request).finally(() => fetching.delete(asking));
      fetching.set(asking, running);
      return permitted(await orCancelled(running, signal), request);
    },
    forget(token) {
      for (const [name, { value }] of kept) if (value === token) kept.delete(name);
    },
  };
}

async function fetchToken(request: TokenRequest, now: () => number): Promise<Token> {
  const { baseUrl, apiKey, apiSecret, patience } = request;
  const peer = { ...request.peer, host: baiduAddress('token', baseUrl).host };
  // Others may wait for it too, so nobody's leaving stops it.
  const { signal } = new AbortController();
  const outcome = await send(baiduAddress('token', baseUrl), {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': 'sensorium',
    },
    body: `${new URLSearchParams({ grant_type: 'client_credentials', client_id: apiKey, client_secret: apiSecret })}`,
    peer,
    patience,
    headTimeoutMs: patience.headTimeoutMs,
    signal,
  });
  if (outcome.kind === 'refusal') throw outcome.error;
  const text = await readText(outcome.reply, MAX_BYTES).catch((thrown: unknown) => {
    throw connectionError(thrown, 'answering', peer, signal);
  });
  const { value, lifeS, scope } = readToken(text);
  if (value === null) {
    throw new SensoriumError(`${peer.stage}.upstream-failed`, `${peer.host} answered without a token.`, {
      hint: 'Ask again in a moment; if it stays so, look at the server.',
      details: { host: peer.host },
    });
  }
  return { value, scope, untilMs: now() + 1_000 * (lifeS - Math.min(LONGEST_MARGIN_S, lifeS / 10)) };
}

function readToken(text: string): { value: string | null; lifeS: number; scope: readonly string[] | null } {
  try {
    const { access_token, expires_in, scope } = JSON.parse(text);
    return {
      value: typeof access_token === 'string' && access_token !== '' ? access_token : null,
      lifeS: Number(expires_in) > 0 ? Number(expires_in) : UNTOLD_LIFE_S,
      scope: typeof scope === 'string' ? scope.split(/\s+/) : null,
    };
  } catch {
    return { value: null, lifeS: 0, scope: null };
  }
}

function permitted({ value, scope }: Token, { scopes, peer }: TokenRequest): string {
  if (scope === null || scopes.some((one) => scope.includes(one))) return value;
  throw new SensoriumError(`${peer.stage}.key-refused`, `The key may not use this service (${scopes.join(' or ')}).`, {
    hint: 'Switch the service on for this application in Baidu’s console, then ask again.',
    details: { host: peer.host, missing: [...scopes] },
  });
}
