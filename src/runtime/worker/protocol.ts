import { type ErrorCode, type ErrorDetails, isSensoriumError, SensoriumError } from '#contract/error.ts';

/** What the host tells a worker. */
export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly argument: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

/** What a worker tells its host. `rssBytes` lets the host keep its memory within bounds. */
export type FromWorker =
  | { readonly kind: 'chunk'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'end'; readonly id: number; readonly value: unknown; readonly rssBytes: number }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError };

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly details: ErrorDetails;
  readonly stack: string;
}

/** An error as it crosses to another process; what is not ours becomes `us.bug`. */
export function toWire(thrown: unknown): WireError {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  if (isSensoriumError(thrown)) {
    return { code: thrown.code, message: thrown.message, hint: thrown.hint, details: thrown.details, stack };
  }
  return {
    code: 'us.bug',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    hint: '',
    details: {},
    stack,
  };
}

/** The error as it was, with the worker's stack as its cause. */
export function fromWire(wire: WireError): SensoriumError {
  const cause = new Error(wire.message);
  cause.stack = wire.stack;
  return new SensoriumError(wire.code, wire.message, { hint: wire.hint, details: wire.details, cause });
}
