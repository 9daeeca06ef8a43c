import { setTimeout as sleep } from 'node:timers/promises';
import { SensoriumError } from '#contract/error.ts';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';
import type { HttpReply } from '#kit/http.ts';
import { type Endpoint, secretsOf } from '../endpoint.ts';
import { connectionError, type Peer } from '../errors.ts';
import { PATIENCE, readText, send } from '../send.ts';
import { type BaiduService, baiduAddress } from './address.ts';
import { BaiduFailure, failureError, failureIn, isOverToken, kindOfFailure } from './failure.ts';
import { baiduTokens } from './token.ts';

const MAX_RETRIES = 2;
const MAX_JSON_BYTES = 2 ** 20;
const TOKENS = baiduTokens();

/** One of Baidu's speech services, opened with a key. */
export interface BaiduCalls {
  /**
   * Sends a request, its body made with the token it needs (`null` with a key that needs none), and gives what `read` makes of
   * the reply; `read` throws the `BaiduFailure` it finds there. Asks once for a new token when the old one is refused, and again, at most twice, when the service is busy.
   * Throws the errors of the stage.
   */
  call<T>(
    service: BaiduService,
    request: {
      body(token: string | null): string;
      readonly contentType: string;
      read(reply: HttpReply, peer: Peer): Promise<T>;
    },
    signal: AbortSignal,
  ): Promise<T>;
}

/** Opens Baidu's speech for a stage. `scopes`: the token must have one of them. */
export function baiduCalls(
  endpoint: Endpoint,
  {
    stage,
    model,
    scopes,
  }: { readonly stage: 'hear' | 'speak'; readonly model: string; readonly scopes: readonly string[] },
): BaiduCalls {
  const { baseUrl, keys, vendor } = endpoint;
  const patience = { ...PATIENCE, ...endpoint.patience };
  const secretName = vendor?.variables.apiSecret ?? 'apiSecret';
  const peer: Peer = {
    stage,
    host: baseUrl.host,
    model,
    keyName: `${endpoint.keyName}, ${secretName}`,
    secrets: secretsOf(keys),
  };

  /** What opens the service: a key of the new form itself, else a token that a pair of keys is exchanged for. */
  async function opening(
    signal: AbortSignal,
  ): Promise<{ readonly bearer: string | null; readonly token: string | null }> {
    const { apiKey, apiSecret } = keys;
    if (apiKey === null || apiKey.startsWith('bce-v3/')) return { bearer: apiKey, token: null };
    if (apiSecret === null) {
      throw new SensoriumError(`${stage}.key-refused`, 'Baidu’s speech needs a secret beside this API key.', {
        hint: `Set ${secretName}, or use an API key that begins with bce-v3/.`,
      });
    }
    return { bearer: null, token: await TOKENS.take({ baseUrl, apiKey, apiSecret, scopes, peer, patience }, signal) };
  }

  return {
    async call(service, { body, contentType, read }, signal) {
      const url = baiduAddress(service, baseUrl);
      for (let [retry, isNewToken] = [0, false]; ; ) {
        throwIfCancelled(signal);
        const { bearer, token } = await opening(signal);
        const own = { ...peer, host: url.host, secrets: [...peer.secrets, ...(token === null ? [] : [token])] };
        const outcome = await send(url, {
          headers: {
            'content-type': contentType,
            'user-agent': 'sensorium',
            ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          },
          body: body(token),
          peer: own,
          patience,
          headTimeoutMs: patience.headTimeoutMs,
          signal,
        });
        if (outcome.kind === 'refusal') throw outcome.error;
        try {
          return await read(outcome.reply, own);
        } catch (thrown) {
          if (!(thrown instanceof BaiduFailure)) throw connectionError(thrown, 'answering', own, signal);
          if (token !== null && isOverToken(thrown) && !isNewToken) {
            TOKENS.forget(token);
            isNewToken = true;
          } else if (retry < MAX_RETRIES && isPassing(thrown)) {
            await sleep(patience.retryBaseMs * 2 ** retry, undefined, { signal }).catch(() => {
              throw cancelled(signal);
            });
            retry++;
          } else throw failureError(thrown, own);
        }
      }
    },
  };
}

function isPassing(failure: BaiduFailure): boolean {
  const kind = kindOfFailure(failure);
  return kind === 'rate-limited' || kind === 'upstream-failed';
}

/** Reads a reply that is JSON. Throws the `BaiduFailure` in it. */
export async function readBaiduJson(
  reply: HttpReply,
  { host, stage, model }: Peer,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(reply, MAX_JSON_BYTES);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  if (typeof json === 'object' && json !== null) {
    const answer: Readonly<Record<string, unknown>> = { ...json };
    const failure = failureIn(answer);
    if (failure) throw failure;
    return answer;
  }
  throw new SensoriumError(`${stage}.upstream-failed`, `${host} answered with something that is not JSON.`, {
    hint: 'Is the base URL right? Ask again; if it stays so, look at the server.',
    details: { host, model },
  });
}
