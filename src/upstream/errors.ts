import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { cancelled } from '#kit/abort.ts';

/** What a refusal means, whatever words a vendor has for it. */
export type RefusalKind =
  | 'key-refused'
  | 'quota-spent'
  | 'rate-limited'
  | 'too-long'
  | 'unknown-model'
  | 'refused'
  | 'upstream-failed';

/** What must be known about the other side to speak of it: its host for people, its secrets so as never to repeat them. */
export interface Peer {
  /** Who talks to it: the first word of every error's code. */
  readonly stage: 'ask' | 'hear' | 'speak' | 'embed';
  readonly host: string;
  readonly model: string;
  readonly keyName: string;
  readonly secrets: readonly string[];
  /** What this vendor means by a refusal, where its own table says so; all others are judged by their words and status. */
  readonly classify?: ((refusal: Refusal) => RefusalKind | undefined) | undefined;
}

/** A refusal as the server worded it. `status` is `null` inside a stream that had begun well, or in a good reply. */
export interface Refusal {
  readonly status: number | null;
  readonly message: string;
  /** The server's own codes and types, for telling cases apart. */
  readonly marks: string;
  /** The field the server complains about, where it names one. */
  readonly param?: string;
  /** When the server wants to be asked again; `null` or absent where it does not say. */
  readonly retryAfterMs?: number | null;
}

const TOO_LONG =
  /context[_ ]?(?:length|window)|maximum context|too many tokens|prompt is too long|input (?:is )?too long|range of input length/i;
const NO_MODEL = /model[_ ]?not[_ ]?found|no such model|unknown model|model\b.*\b(?:does not exist|not found)/i;
const NO_MONEY = /insufficient_quota|billing|arrearage|insufficient (?:balance|credit)/i;

/** The error a refusal becomes. Sources of the cases: OpenAI's table of errors and what its look-alikes answer. */
export function refusalError(refusal: Refusal, peer: Peer): SensoriumError {
  const message = withoutSecrets(refusal.message, peer).slice(0, MOST_READ_CHARS);
  const kind = kindOf({ ...refusal, message }, peer);
  const said = oneLine(message) || 'It gave no reason.';
  const where =
    refusal.status === null ? `${peer.host} broke off its answer` : `${peer.host} answered ${refusal.status}`;
  return new SensoriumError(`${peer.stage}.${kind}`, `${where}: ${said}`, {
    hint: hintFor(kind, peer),
    details: { host: peer.host, model: peer.model, ...(refusal.status === null ? {} : { status: refusal.status }) },
  });
}

/** What a refusal means: as the vendor's own table says, else by its status and words. */
export function kindOf(refusal: Refusal, { classify }: Peer): RefusalKind {
  return classify?.(refusal) ?? kindByWords(refusal);
}

function kindByWords({ status, message, marks }: Refusal): RefusalKind {
  const all = `${marks} ${message}`;
  if (status === 401 || status === 403 || /invalid_api_key/.test(marks)) return 'key-refused';
  if (status === 402 || NO_MONEY.test(all)) return 'quota-spent';
  if (status === 429 || /rate_limit|limit_requests/.test(marks)) return 'rate-limited';
  if (status === 413 || TOO_LONG.test(all)) return 'too-long';
  if (NO_MODEL.test(all)) return 'unknown-model';
  if (status === null) return /filter|inspection|policy/.test(marks) ? 'refused' : 'upstream-failed';
  return status >= 500 || status === 408 || status === 409 ? 'upstream-failed' : 'refused';
}

function hintFor(kind: RefusalKind, peer: Peer): string {
  switch (kind) {
    case 'key-refused':
      return `Check the key (${peer.keyName}) and that it may use ${peer.model}.`;
    case 'quota-spent':
      return 'Look at the account’s balance and limits, or use another model.';
    case 'rate-limited':
      return 'Wait a little and ask again.';
    case 'too-long':
      return 'Ask about a shorter recording or text, or use a model with a longer context.';
    case 'unknown-model':
      return `Check the model’s name: ${peer.host} does not know ${peer.model}.`;
    case 'refused':
      return 'Check the request against what the server says, and that the base URL is right: it usually ends in /v1.';
    default:
      return 'Ask again in a moment; if it stays so, look at the server.';
  }
}

/** The error a failed connection becomes. `stage` says how far the exchange had come. */
export function connectionError(
  thrown: unknown,
  stage: 'connecting' | 'answering',
  peer: Peer,
  signal: AbortSignal,
): SensoriumError {
  if (isSensoriumError(thrown)) return thrown;
  if (signal.aborted) return cancelled(signal);
  const code = systemCode(thrown);
  const details = { host: peer.host, model: peer.model, reason: code };
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    const what = stage === 'connecting' ? 'did not begin to answer' : 'stopped in the middle of its answer';
    return new SensoriumError(`${peer.stage}.upstream-failed`, `${peer.host} ${what} and was given up.`, {
      hint: 'Ask again; if it stays so, the server is overloaded.',
      details,
      cause: thrown,
    });
  }
  if (stage === 'answering' || isBroken(thrown)) {
    return new SensoriumError(
      `${peer.stage}.upstream-failed`,
      `${peer.host} closed the connection in the middle (${code}).`,
      {
        hint: 'Ask again; if it stays so, look at the server.',
        details,
        cause: thrown,
      },
    );
  }
  return new SensoriumError(`${peer.stage}.unreachable`, `${peer.host} cannot be reached (${code}).`, {
    hint: 'Is the server running, and are base URL and network right? sensorium config show tells where it looks.',
    details,
    cause: thrown,
  });
}

/** Whether the connection was there and broke, so that another may hold. */
export function isBroken(thrown: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(systemCode(thrown));
}

function systemCode(thrown: unknown): string {
  const error = thrown as { code?: string; name?: string; errors?: { code?: string }[] } | null;
  return error?.code ?? error?.errors?.[0]?.code ?? error?.name ?? 'unknown';
}

/** What is looked at of a refusal; a hostile server must not keep our patterns busy. */
const MOST_READ_CHARS = 2_000;
const LONGEST_MESSAGE_CHARS = 300;

function withoutSecrets(message: string, { secrets }: Peer): string {
  return secrets.reduce((text, secret) => (secret === '' ? text : text.replaceAll(secret, '[key]')), message);
}

/** A server's words on one line, without anything that looks like a key, masked or not. */
export function oneLine(message: string): string {
  const line = message
    .replaceAll(/\b(?:sk|pk|ak|key)-[\w*-]{4,}|\S*\*{3,}\S*/g, '[key]')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > LONGEST_MESSAGE_CHARS ? `${line.slice(0, LONGEST_MESSAGE_CHARS - 1)}…` : line;
}

/** Reads the many shapes in which servers say no: OpenAI's, flat ones, lists of faults, plain text, a web page. */
export function readRefusal(status: number | null, text: string): Refusal {
  try {
    return refusalIn(status, JSON.parse(text)) ?? { status, message: text, marks: '' };
  } catch {
    const page = /^\s*</.test(text);
    const title = /<title[^>]*>([^<]*)/i.exec(text.slice(0, MOST_READ_CHARS))?.[1];
    return { status, message: page ? `a web page${title ? `, “${title.trim()}”` : ''}` : text, marks: '' };
  }
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The refusal inside a JSON answer or a line of a stream, or `null` when there is none. */
export function refusalIn(status: number | null, json: unknown): Refusal | null {
  if (!isObject(json)) return null;
  const { error, detail } = json;
  if (isObject(error)) {
    const marks = `${textOf(error.code)} ${textOf(error.type)}`;
    return { status, message: textOf(error.message ?? error), marks, param: textOf(error.param) };
  }
  if (typeof error === 'string' && error !== '') return { status, message: error, marks: textOf(json.code) };
  if (Array.isArray(detail)) {
    const faults = detail.map((fault) =>
      isObject(fault) ? `${Array.isArray(fault.loc) ? fault.loc.join('.') : ''} ${textOf(fault.msg)}` : textOf(fault),
    );
    return { status, message: faults.join('; '), marks: '' };
  }
  if (typeof detail === 'string') return { status, message: detail, marks: '' };
  const failed = status !== null || json.object === 'error' || (typeof json.code === 'number' && json.code !== 0);
  if (!failed || json.choices !== undefined) return null;
  return { status, message: textOf(json.message ?? json), marks: `${textOf(json.code)} ${textOf(json.type)}` };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
