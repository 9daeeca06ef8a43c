import type { Fate } from './fate.ts';

/** Who can do something about an error: decides the exit code and the HTTP status. */
export type Blame = 'caller' | 'operator' | 'upstream' | 'us';

/**
 * Every code an error can carry: `folder.what-happened`, who can act, and whether trying again may help. The manual page
 * `docs/reference/errors.md` is generated from this table.
 */
export const ERROR_CODES = {
  'media.not-found': { blame: 'caller', retryable: false },
  'media.cannot-read': { blame: 'caller', retryable: false },
  'media.not-a-file': { blame: 'caller', retryable: false },
  'media.empty': { blame: 'caller', retryable: false },
  'media.unsupported': { blame: 'caller', retryable: false },
  'media.broken': { blame: 'caller', retryable: false },
  'media.too-long': { blame: 'caller', retryable: false },
  'media.too-large': { blame: 'caller', retryable: false },
  'media.url-refused': { blame: 'caller', retryable: false },
  'media.url-failed': { blame: 'upstream', retryable: true },
  'media.decoder-missing': { blame: 'operator', retryable: false },
  'hear.language-unsupported': { blame: 'caller', retryable: false },
  'hear.no-sound': { blame: 'caller', retryable: false },
  'hear.unknown-engine': { blame: 'caller', retryable: false },
  'plan.no-route': { blame: 'caller', retryable: false },
  'ask.unknown-model': { blame: 'caller', retryable: false },
  'ask.too-long': { blame: 'caller', retryable: false },
  'ask.no-question': { blame: 'caller', retryable: false },
  'ask.key-refused': { blame: 'operator', retryable: false },
  'ask.rate-limited': { blame: 'upstream', retryable: true },
  'ask.refused': { blame: 'caller', retryable: false },
  'ask.unreachable': { blame: 'upstream', retryable: true },
  'ask.upstream-failed': { blame: 'upstream', retryable: true },
  'ask.quota-spent': { blame: 'operator', retryable: false },
  'ask.offline': { blame: 'operator', retryable: false },
  'ask.model-unusable': { blame: 'operator', retryable: false },
  'speak.unknown-voice': { blame: 'caller', retryable: false },
  'speak.nothing-to-say': { blame: 'caller', retryable: false },
  'speak.unsupported-format': { blame: 'caller', retryable: false },
  'speak.pronunciation-data-broken': { blame: 'operator', retryable: false },
  'models.unknown-model': { blame: 'caller', retryable: false },
  'models.unreachable': { blame: 'upstream', retryable: true },
  'models.offline': { blame: 'operator', retryable: false },
  'models.checksum-mismatch': { blame: 'upstream', retryable: true },
  'models.disk-full': { blame: 'operator', retryable: true },
  'models.cannot-write': { blame: 'operator', retryable: false },
  'models.preparation-failed': { blame: 'us', retryable: false },
  'models.file-unusable': { blame: 'operator', retryable: false },
  'runtime.package-missing': { blame: 'operator', retryable: false },
  'runtime.worker-died': { blame: 'us', retryable: true },
  'runtime.worker-died-twice': { blame: 'us', retryable: false },
  'runtime.busy': { blame: 'upstream', retryable: true },
  'ledger.loss-forbidden': { blame: 'caller', retryable: false },
  'ledger.tokenizer-unusable': { blame: 'operator', retryable: false },
  'ledger.profile-unusable': { blame: 'operator', retryable: false },
  'ledger.too-few-items': { blame: 'caller', retryable: false },
  'pipeline.timed-out': { blame: 'us', retryable: true },
  'embed.unknown-model': { blame: 'caller', retryable: false },
  'embed.too-long': { blame: 'caller', retryable: false },
  'embed.bad-input': { blame: 'caller', retryable: false },
  'embed.upstream-failed': { blame: 'upstream', retryable: true },
  'embed.model-unusable': { blame: 'operator', retryable: false },
  'embed.key-refused': { blame: 'operator', retryable: false },
  'embed.rate-limited': { blame: 'upstream', retryable: true },
  'embed.quota-spent': { blame: 'operator', retryable: false },
  'embed.refused': { blame: 'caller', retryable: false },
  'embed.unreachable': { blame: 'upstream', retryable: true },
  'embed.offline': { blame: 'operator', retryable: false },
  'inject.not-allowed': { blame: 'caller', retryable: false },
  'inject.bad-vectors': { blame: 'caller', retryable: false },
  'inject.refused-by-gate': { blame: 'caller', retryable: false },
  'inject.component-unusable': { blame: 'operator', retryable: false },
  'inject.engine-unusable': { blame: 'operator', retryable: false },
  'store.unknown': { blame: 'caller', retryable: false },
  'store.bad-filter': { blame: 'caller', retryable: false },
  'store.space-mismatch': { blame: 'operator', retryable: false },
  'store.unusable': { blame: 'operator', retryable: false },
  'store.unreachable': { blame: 'upstream', retryable: true },
  'store.bad-request': { blame: 'caller', retryable: false },
  'store.quota-reached': { blame: 'caller', retryable: false },
  'store.disk-full': { blame: 'operator', retryable: true },
  'speak.encoder-missing': { blame: 'operator', retryable: false },
  'speak.encoding-failed': { blame: 'us', retryable: true },
  'hear.unsupported-option': { blame: 'caller', retryable: false },
  'hear.too-long': { blame: 'caller', retryable: false },
  'hear.key-refused': { blame: 'operator', retryable: false },
  'hear.rate-limited': { blame: 'upstream', retryable: true },
  'hear.refused': { blame: 'caller', retryable: false },
  'hear.unreachable': { blame: 'upstream', retryable: true },
  'hear.upstream-failed': { blame: 'upstream', retryable: true },
  'hear.quota-spent': { blame: 'operator', retryable: false },
  'hear.offline': { blame: 'operator', retryable: false },
  'hear.unknown-model': { blame: 'caller', retryable: false },
  'hear.model-unusable': { blame: 'operator', retryable: false },
  'speak.too-long': { blame: 'caller', retryable: false },
  'speak.key-refused': { blame: 'operator', retryable: false },
  'speak.rate-limited': { blame: 'upstream', retryable: true },
  'speak.refused': { blame: 'caller', retryable: false },
  'speak.unreachable': { blame: 'upstream', retryable: true },
  'speak.upstream-failed': { blame: 'upstream', retryable: true },
  'speak.quota-spent': { blame: 'operator', retryable: false },
  'speak.offline': { blame: 'operator', retryable: false },
  'speak.unknown-model': { blame: 'caller', retryable: false },
  'native.cannot-fit': { blame: 'caller', retryable: false },
  'see.cannot-decode': { blame: 'caller', retryable: false },
  'see.unsupported': { blame: 'caller', retryable: false },
  'see.too-large': { blame: 'caller', retryable: false },
  'see.unknown-engine': { blame: 'caller', retryable: false },
  'see.not-described': { blame: 'upstream', retryable: false },
  'read.broken': { blame: 'caller', retryable: false },
  'read.encrypted': { blame: 'caller', retryable: false },
  'read.unsupported': { blame: 'caller', retryable: false },
  'read.too-large': { blame: 'caller', retryable: false },
  'watch.broken': { blame: 'caller', retryable: false },
  'watch.no-pictures': { blame: 'caller', retryable: false },
  'server.bad-request': { blame: 'caller', retryable: false },
  'server.not-found': { blame: 'caller', retryable: false },
  'server.body-too-large': { blame: 'caller', retryable: false },
  'server.key-missing': { blame: 'caller', retryable: false },
  'server.key-refused': { blame: 'caller', retryable: false },
  'server.origin-refused': { blame: 'caller', retryable: false },
  'server.rate-limited': { blame: 'caller', retryable: true },
  'server.busy': { blame: 'us', retryable: true },
  'server.shutting-down': { blame: 'us', retryable: true },
  'server.key-reused': { blame: 'caller', retryable: false },
  'server.cannot-listen': { blame: 'operator', retryable: false },
  'server.key-file-unusable': { blame: 'operator', retryable: false },
  'server.unknown-key': { blame: 'caller', retryable: false },
  'config.invalid': { blame: 'caller', retryable: false },
  'cli.usage': { blame: 'caller', retryable: false },
  'cli.cannot-write': { blame: 'caller', retryable: false },
  'kit.cancelled': { blame: 'caller', retryable: false },
  'kit.disk-full': { blame: 'operator', retryable: true },
  'us.bug': { blame: 'us', retryable: false },
} as const satisfies Record<string, { blame: Blame; retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Facts that are safe to show and to log: no media, no transcript, no prompt, no key. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

const MARK = Symbol.for('sensorium.error');

/** The one error of this product. `hint` says the next thing to do, as a sentence. */
export class SensoriumError extends Error {
  readonly code: ErrorCode;
  readonly blame: Blame;
  readonly retryable: boolean;
  readonly hint: string;
  readonly details: ErrorDetails;
  readonly [MARK] = true;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { hint?: string; details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'SensoriumError';
    this.code = code;
    this.blame = ERROR_CODES[code].blame;
    this.retryable = ERROR_CODES[code].retryable;
    this.hint = extra.hint ?? '';
    this.details = extra.details ?? {};
  }
}

/** Recognises the error also when another copy of this package threw it. */
export function isSensoriumError(thrown: unknown): thrown is SensoriumError {
  return typeof thrown === 'object' && thrown !== null && MARK in thrown;
}

/** What had become of each media part when a request failed with this; empty when it had none. */
export function fatesOf(thrown: unknown): readonly Fate[] {
  return (thrown as { fates?: readonly Fate[] } | null)?.fates ?? [];
}
