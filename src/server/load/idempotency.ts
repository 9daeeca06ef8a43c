import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { orCancelled, throwIfCancelled } from '#kit/abort.ts';

/** A whole answer, as it went out. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A request that may be a repetition. */
export interface Repeatable {
  /** The API key's id: what one caller sent is never told to another. */
  readonly caller: string;
  /** The `Idempotency-Key` header. */
  readonly key: string;
  /** What `fingerprint` makes of the request. */
  readonly fingerprint: string;
  readonly signal: AbortSignal;
}

export interface Replayed {
  readonly answer: StoredAnswer;
  /** To be sent along: `idempotent-replayed: true` when the work was not done again, `idempotent-stored: false` when a repetition will do it again. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers repetitions of a request with what the first one was answered. */
export interface Replays {
  /**
   * Does the work, joins it when it is under way, or replays its answer. A failure of the caller's own making is replayed
   * too; one that another try may mend is not kept, and whoever had joined a cancelled request does the work himself.
   * Throws `server.bad-request` for an unusable key and `server.key-reused` for another request under the same one.
   */
  run(request: Repeatable, work: () => Promise<StoredAnswer>): Promise<Replayed>;
}

export interface ReplayOptions {
  /** Room for all stored answers together. */
  readonly maxBytes?: number;
  readonly clock?: () => number;
}

/** Sent with streams, which are never stored: a repetition of one is a request like any other. */
export const NOT_STORED: Readonly<Record<string, string>> = Object.freeze({ 'idempotent-stored': 'false' });

const REPLAYED: Readonly<Record<string, string>> = Object.freeze({ 'idempotent-replayed': 'true' });
const STORED: Readonly<Record<string, string>> = Object.freeze({});
const KEPT_MS = 10 * 60_000;
const MAX_ANSWER_BYTES = 2 ** 20;
const MAX_KEY_LENGTH = 255;
/** What an entry takes besides its answer, and what a failure is taken to weigh. */
const ENTRY_BYTES = 1_024;

type Outcome = { readonly answer: StoredAnswer } | { readonly failure: unknown };
interface Entry {
  readonly fingerprint: string;
  readonly outcome: Outcome;
}
interface Running {
  readonly fingerprint: string;
  readonly outcome: Promise<Outcome>;
}

/** Opens the memory: answers up to 1 MiB, for ten minutes, 64 MiB in all, the oldest forgotten first. Nothing reaches the disk. */
export function openReplays({ maxBytes = 64 * 2 ** 20, clock }: ReplayOptions = {}): Replays {
  const running = new Map<string, Running>();
  const stored = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ outcome }, key) => key.length + weight(outcome),
    ttl: KEPT_MS,
    ...(clock ? { perf: { now: clock }, ttlResolution: 0 } : {}),
  });

  const begin = (place: string, fingerprint: string, work: () => Promise<StoredAnswer>): Running => {
    const settle = (outcome: Outcome): Outcome => {
      // Both at once, so that no repetition finds it neither running nor stored.
      if (isWorthKeeping(outcome)) stored.set(place, { fingerprint, outcome });
      running.delete(place);
      return outcome;
    };
    const outcome = work().then(
      (answer) => settle({ answer }),
      (failure: unknown) => settle({ failure }),
    );
    const mine = { fingerprint, outcome };
    running.set(place, mine);
    return mine;
  };

  return {
    async run({ caller, key, fingerprint, signal }, work) {
      checkKey(key);
      const place = `${caller}\n${key}`;
      for (;;) {
        throwIfCancelled(signal);
        const seen = stored.get(place);
        if (seen) {
          sameOrRefused(seen, fingerprint);
          return { answer: answerOf(seen.outcome), headers: REPLAYED };
        }
        const under = running.get(place);
        if (!under) {
          const outcome = await begin(place, fingerprint, work).outcome;
          return { answer: answerOf(outcome), headers: isWorthKeeping(outcome) ? STORED : NOT_STORED };
        }
        sameOrRefused(under, fingerprint);
        const outcome = await orCancelled(under.outcome, signal);
        if (!wasCancelled(outcome)) return { answer: answerOf(outcome), headers: REPLAYED };
      }
    },
  };
}

/** What makes two requests the same: SHA-256 over the path and each piece of the body, in order, as 64 hex digits. */
export function fingerprint(path: string, ...pieces: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const piece of [path, ...pieces]) {
    // With its length before it, so that no piece can pass for the end of the one before.
    hash.update(`${typeof piece === 'string' ? Buffer.byteLength(piece) : piece.byteLength}:`).update(piece);
  }
  return hash.digest('hex');
}

function checkKey(key: string): void {
  if (key.length <= MAX_KEY_LENGTH && /^[\x21-\x7e]+$/.test(key)) return;
  throw new SensoriumError('server.bad-request', 'The Idempotency-Key header cannot be used.', {
    hint: 'Send up to 255 visible ASCII characters, for example a UUID, or leave the header out.',
    details: { param: 'Idempotency-Key' },
  });
}

function sameOrRefused(seen: { readonly fingerprint: string }, fingerprint: string): void {
  if (seen.fingerprint === fingerprint) return;
  throw new SensoriumError('server.key-reused', 'This Idempotency-Key was sent with another request.', {
    hint: 'Send a new key with each new request; the same one only with the same bytes.',
    details: { param: 'Idempotency-Key' },
  });
}

function answerOf(outcome: Outcome): StoredAnswer {
  if ('failure' in outcome) throw outcome.failure;
  return outcome.answer;
}

function wasCancelled(outcome: Outcome): boolean {
  return 'failure' in outcome && isSensoriumError(outcome.failure) && outcome.failure.code === 'kit.cancelled';
}

// What the operator or we can mend may be mended before the next try, so only the caller's own failures stay what they are.
function isWorthKeeping(outcome: Outcome): boolean {
  if ('answer' in outcome) return outcome.answer.status < 400 && sizeOf(outcome.answer) <= MAX_ANSWER_BYTES;
  const { failure } = outcome;
  return isSensoriumError(failure) && failure.blame === 'caller' && !failure.retryable && !wasCancelled(outcome);
}

function weight(outcome: Outcome): number {
  return ENTRY_BYTES + ('answer' in outcome ? sizeOf(outcome.answer) : ENTRY_BYTES);
}

function sizeOf({ body }: StoredAnswer): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
}
