import { SensoriumError } from '#contract/error.ts';
import { cancelled, throwIfCancelled } from '#kit/abort.ts';

export interface BodyLimits {
  /** Bytes of the whole body as sent. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** What the request's head promises, if it does. */
  readonly contentLength?: number | undefined;
}

/** A body as it arrives. `next` gives `null` after the last piece. */
export interface BodySource {
  next(): Promise<Buffer | null>;
}

/**
 * Reads a request's body piece by piece within its limits. It never closes the stream: whoever answers still needs its
 * connection. Throws `server.body-too-large`, `server.bad-request` (the length is not what was promised) or
 * `kit.cancelled` (the client went away).
 */
export function bodySource(stream: AsyncIterable<Buffer>, limits: BodyLimits): BodySource {
  const { maxBytes, signal, contentLength } = limits;
  if (contentLength !== undefined && contentLength > maxBytes) throw bodyTooLarge(maxBytes);
  const pieces = stream[Symbol.asyncIterator]();
  let received = 0;
  // One listener for the whole body: small bodies are many, and each piece would cost as much as parsing it.
  let stop = () => {};
  const onAbort = () => stop();
  signal.addEventListener('abort', onAbort, { once: true });

  function arriving(): Promise<IteratorResult<Buffer>> {
    throwIfCancelled(signal);
    return new Promise((resolve, reject) => {
      stop = () => reject(cancelled(signal));
      // A body breaks off when its sender goes away; nothing else can go wrong with it on our side.
      const brokenOff = (cause: unknown) => reject(new SensoriumError('kit.cancelled', 'Cancelled.', { cause }));
      pieces.next().then(resolve, brokenOff);
    });
  }

  return {
    async next() {
      const { done, value } = await arriving();
      if (done) signal.removeEventListener('abort', onAbort);
      received += done ? 0 : value.length;
      if (received > maxBytes) throw bodyTooLarge(maxBytes);
      if (contentLength !== undefined && (done ? received !== contentLength : received > contentLength)) {
        throw badRequest(
          `The body has ${received} bytes${done ? '' : ' or more'} where ${contentLength} were promised.`,
        );
      }
      return done ? null : value;
    },
  };
}

/** The refusal of a request that makes no sense. */
export function badRequest(message: string, details: SensoriumError['details'] = {}): SensoriumError {
  return new SensoriumError('server.bad-request', message, { hint: 'Correct the request and send it again.', details });
}

/** The refusal of a body with more bytes than allowed. */
export function bodyTooLarge(maxBytes: number): SensoriumError {
  const most = maxBytes < 2 ** 20 ? `${maxBytes} bytes` : `${Math.round(maxBytes / 2 ** 20)} MB`;
  return new SensoriumError('server.body-too-large', `The body is larger than ${most}.`, {
    hint: 'Send less, or give large media as URLs.',
    details: { maxBytes },
  });
}
