import { createHmac } from 'node:crypto';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { type Keys, vendorNamed } from '#vendors/index.ts';
import { secretsOf } from './endpoint.ts';
import { type Peer, refusalError } from './errors.ts';
import { chatRefusal, codeRefusal, speechRefusal } from './iflytek-codes.ts';
import { PATIENCE, type Patience } from './send.ts';
import { type Message, openSocket } from './socket.ts';

/** Who is called, with what, and in which stage's name. */
export interface IflytekCall {
  readonly stage: Peer['stage'];
  readonly model: string;
  readonly baseUrl: URL;
  readonly keys: Keys;
  readonly keyName: string;
  readonly patience?: Partial<Patience> | undefined;
  /** How the address is signed, where it is not as most are. */
  readonly sign?: Sign | undefined;
}

/** What opens a service. */
export interface Secrets {
  readonly appId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Puts a signature into an address. */
export type Sign = (url: URL, secrets: Secrets, date: Date) => URL;

export type Json = Readonly<Record<string, unknown>>;

/** An open session with one of iFlytek's sockets. Reading it throws when a message says that something failed. */
export interface IflytekSession extends AsyncIterable<Json> {
  /** For messages, never with a key in it. */
  readonly appId: string;
  /** Sends an object as JSON, and bytes as they are. */
  send(frame: object | Buffer): Promise<void>;
  close(): void;
  /** Throws where an object's `code` says that something failed. */
  check(said: Json): void;
  /** The error of a session that ended before its last message, or that sent `what` instead of sense. */
  broken(what: string): SensoriumError;
}

/**
 * Opens a session at `address`, a service's own place such as `wss://iat-api.xfyun.cn/v2/iat`. Services live on hosts of
 * their own; a base URL that is not the vendor's stands before the path of each. Throws the errors of `call.stage`.
 */
export async function openIflytek(address: string, call: IflytekCall, signal: AbortSignal): Promise<IflytekSession> {
  const { stage, model, keyName } = call;
  const url = placeOf(address, call.baseUrl);
  const keys = allKeys(url, call);
  const classify = stage === 'ask' ? chatRefusal : speechRefusal;
  const peer: Peer = { stage, host: url.host, model, keyName, secrets: secretsOf(call.keys), classify };
  const patience = { ...PATIENCE, ...call.patience };
  const signed = (call.sign ?? signedUrl)(url, keys, new Date());
  const socket = await openSocket(signed, { peer, patience, signal }).catch((error: unknown) => {
    throw withClockHint(error);
  });
  return {
    appId: keys.appId,
    send: (frame) => socket.send(Buffer.isBuffer(frame) ? frame : JSON.stringify(frame)),
    close: () => socket.close(),
    check: (said) => mustBeGood(said, peer),
    broken: (what) => refusalError({ status: null, message: what, marks: '' }, peer),
    async *[Symbol.asyncIterator]() {
      for await (const message of socket) yield read(message, peer);
    },
  };
}

/** Where a service is to be found, seen from a base URL. */
export function placeOf(address: string, baseUrl: URL): URL {
  const own = new URL(address);
  if (baseUrl.host === new URL(vendorNamed('iflytek')?.baseUrl ?? address).host) return own;
  const url = new URL(baseUrl);
  url.protocol = baseUrl.protocol === 'https:' ? 'wss:' : 'ws:';
  url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}${own.pathname}`;
  return url;
}

/**
 * An address with iFlytek's signature in its query: HMAC-SHA256 over host, date and request line, good for 300 s around
 * `date`. Source: `AuthUtil.java` in iFLYTEK-OP/websdk-java.
 */
export function signedUrl(url: URL, { apiKey, apiSecret }: Omit<Secrets, 'appId'>, date: Date): URL {
  const stamp = date.toUTCString();
  const origin = `host: ${url.host}\ndate: ${stamp}\nGET ${url.pathname} HTTP/1.1`;
  const signature = createHmac('sha256', apiSecret).update(origin).digest('base64');
  const authorization = `api_key="${apiKey}", algorithm="hmac-sha256", headers="host date request-line", signature="${signature}"`;
  const signed = new URL(url);
  signed.searchParams.set('authorization', Buffer.from(authorization).toString('base64'));
  signed.searchParams.set('date', stamp);
  signed.searchParams.set('host', url.host);
  return signed;
}

/** The sound or text of a message's base64, or `null` where it is none: decoders skip what they do not know. */
export function base64Bytes(text: unknown): Buffer | null {
  if (typeof text !== 'string' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Buffer.from(text, 'base64');
}

/** The object in a field, or an empty one: iFlytek sends `null` where there is nothing to say. */
export function objectIn(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** The objects of a list, or none. */
export function objectsIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(objectIn) : [];
}

function allKeys(url: URL, { stage, keys, keyName }: IflytekCall): Secrets {
  const { appId, apiKey, apiSecret } = keys;
  if (appId && apiKey && apiSecret) return { appId, apiKey, apiSecret };
  const variables = vendorNamed('iflytek')?.variables ?? {};
  const missing = (['appId', 'apiKey', 'apiSecret'] as const).filter((name) => !keys[name]);
  const names = missing.map((name) => (name === 'apiKey' ? keyName : (variables[name] ?? name)));
  throw new SensoriumError(`${stage}.key-refused`, `${url.host} needs an APPID, an APIKey and an APISecret.`, {
    hint: `Set ${names.join(' and ')}.`,
    details: { host: url.host, missing },
  });
}

function read(message: Message, peer: Peer): Json {
  const json = parsed(message);
  if (json === null) {
    throw refusalError({ status: null, message: 'it sent a message that is not JSON', marks: '' }, peer);
  }
  mustBeGood(json, peer);
  mustBeGood(objectIn(json.header), peer);
  return json;
}

function mustBeGood(said: Json, peer: Peer): void {
  const refusal = codeRefusal(null, said);
  if (refusal) throw refusalError(refusal, peer);
}

function parsed(message: Message): Json | null {
  try {
    const json: unknown = JSON.parse(String(message));
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Json) : null;
  } catch {
    return null;
  }
}

function withClockHint(error: unknown): unknown {
  if (!isSensoriumError(error) || !/valid date/.test(error.message)) return error;
  const { code, message, details, cause } = error;
  return new SensoriumError(code, message, {
    hint: 'Set this machine’s clock: iFlytek takes a signature only within 300 s of its own time.',
    details,
    cause,
  });
}
