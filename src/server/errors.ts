import { type ErrorCode, fatesOf, isSensoriumError, SensoriumError } from '#contract/error.ts';

/** An error as HTTP says it: OpenAI's envelope, with what became of each media part in our own field. */
export interface HttpError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: ErrorBody };
}

interface ErrorBody {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
  readonly sensorium: {
    readonly code: ErrorCode;
    readonly hint: string;
    readonly request_id: string;
    readonly parts: readonly object[];
    /** Why vectors were refused, by the words of the gate. */
    readonly gate?: Readonly<Record<string, unknown>>;
  };
}

/** Codes whose status does not follow from who is to blame; and what OpenAI calls some of them. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  'server.key-missing': 401,
  'server.key-refused': 401,
  'server.origin-refused': 403,
  'inject.not-allowed': 403,
  'server.not-found': 404,
  'ask.unknown-model': 404,
  'hear.unknown-engine': 404,
  'embed.unknown-model': 404,
  'store.unknown': 404,
  'store.quota-reached': 413,
  'server.body-too-large': 413,
  'media.too-large': 413,
  'media.too-long': 413,
  'see.too-large': 413,
  'read.too-large': 413,
  'media.unsupported': 415,
  'see.unsupported': 415,
  'read.unsupported': 415,
  'server.key-reused': 422,
  'ledger.loss-forbidden': 422,
  'server.rate-limited': 429,
  'server.busy': 429,
  'runtime.busy': 429,
  'ask.rate-limited': 429,
  'ask.quota-spent': 429,
  'kit.cancelled': 499,
  'server.shutting-down': 503,
  'ask.unreachable': 502,
  'ask.upstream-failed': 502,
  'media.url-failed': 502,
  'models.unreachable': 502,
  'pipeline.timed-out': 504,
};

const NAMES: Partial<Record<ErrorCode, string>> = {
  'server.key-missing': 'invalid_api_key',
  'server.key-refused': 'invalid_api_key',
  'ask.unknown-model': 'model_not_found',
  'hear.unknown-engine': 'model_not_found',
  'embed.unknown-model': 'model_not_found',
  'ask.too-long': 'context_length_exceeded',
  'ask.quota-spent': 'insufficient_quota',
  'server.rate-limited': 'rate_limit_exceeded',
  'ask.rate-limited': 'rate_limit_exceeded',
  'server.busy': 'server_busy',
  'runtime.busy': 'server_busy',
};

const BY_BLAME = { caller: 400, operator: 503, upstream: 502, us: 500 } as const;

/** The only place that turns an error into HTTP. What is not ours is `us.bug`, and says nothing of what went wrong inside. */
export function httpError(thrown: unknown, requestId: string): HttpError {
  const error = isSensoriumError(thrown) ? thrown : bug(thrown);
  const status = statusOf(error);
  const retryMs = error.details.retryAfterMs;
  const waits = status === 429 || status === 503;
  const pauseMs = typeof retryMs === 'number' ? retryMs : waits && error.retryable ? 1000 : null;
  const { param } = error.details;
  return {
    status,
    headers: {
      // The official clients prefer the finer one.
      ...(pauseMs === null
        ? {}
        : {
            'retry-after': String(Math.max(1, Math.ceil(pauseMs / 1000))),
            'retry-after-ms': String(Math.ceil(pauseMs)),
          }),
      // A client must not repeat what cannot succeed, whatever the status usually means.
      ...(error.retryable || status < 429 ? {} : { 'x-should-retry': 'false' }),
    },
    body: {
      error: {
        message: error.hint ? `${error.message} ${error.hint}` : error.message,
        type: typeOf(status),
        param: typeof param === 'string' ? param : null,
        code: NAMES[error.code] ?? error.code,
        sensorium: {
          code: error.code,
          hint: error.hint,
          request_id: requestId,
          parts: fatesOf(thrown),
          ...gateOf(error),
        },
      },
    },
  };
}

/** What the gate measured of refused vectors, against what, and what was done in their place. */
function gateOf({ code, details }: SensoriumError): { readonly gate?: Readonly<Record<string, unknown>> } {
  if (!code.startsWith('inject.')) return {};
  const { code: why = null, part = null, measured = null, threshold = null, fallback = null } = details;
  return { gate: { code: why, part, measured, threshold, fallback } };
}

// A bad request may say that it is the form of its body that is not taken.
function statusOf({ code, blame, details }: SensoriumError): number {
  if (code === 'server.bad-request' && details.status === 415) return 415;
  return STATUS[code] ?? BY_BLAME[blame];
}

function bug(thrown: unknown): SensoriumError {
  // What Fastify itself refuses (a malformed header, a path that cannot be read) is the caller's.
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new SensoriumError('server.bad-request', 'The request cannot be read.', {
      hint: 'Check its headers and its body.',
      cause: thrown,
    });
  }
  return new SensoriumError('us.bug', 'Something went wrong here that should not have.', {
    hint: 'The server’s log has the details under this request’s id.',
    cause: thrown,
  });
}

function typeOf(status: number): string {
  if (status === 401 || status === 400 || status === 404) return 'invalid_request_error';
  if (status === 429) return 'requests';
  if (status === 403) return 'permission_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
