import type { Dispatcher, Pool } from 'undici';

export interface Exchange {
  readonly statusCode: number;
  /** From sending to the last byte, in ms. */
  readonly ms: number;
}

/**
 * Sends one request and hands on the answer's bytes as they come. Goes below undici's promises and streams, so that the
 * load generator costs as little as it can on a machine it shares with what it measures.
 */
export function exchange(
  pool: Pool,
  options: Omit<Dispatcher.DispatchOptions, 'origin'>,
  onData: (chunk: Buffer) => void,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let statusCode = 0;
    pool.dispatch(options, {
      onRequestStart() {},
      onResponseStart(_controller, status) {
        statusCode = status;
      },
      onResponseData(_controller, chunk) {
        onData(chunk);
      },
      onResponseEnd() {
        resolve({ statusCode, ms: performance.now() - began });
      },
      onResponseError(_controller, error) {
        reject(error);
      },
    });
  });
}
