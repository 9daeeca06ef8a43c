import type { AddressInfo } from 'node:net';
import type { LoadedConfig } from '#config/index.ts';
import { SensoriumError } from '#contract/error.ts';
import { openPace } from '#kit/pace.ts';
import type { Sensorium } from '#pipeline/index.ts';
import { buildApp } from './app.ts';
import { spokenAnswers } from './chat/spoken-answers.ts';
import { originSet } from './guard/cors.ts';
import { openKeyring } from './guard/keyring.ts';
import { mustHaveKeys } from './guard/listen.ts';
import { openRates } from './guard/rates.ts';
import { openAdmission } from './load/admission.ts';
import { openDrain } from './load/drain.ts';
import { openReplays } from './load/idempotency.ts';
import { openLog, wordsLog } from './observe/log.ts';
import { openMetrics } from './observe/metrics.ts';

export type { ListedKey } from './guard/key.ts';
export { createKey, listKeys, revokeKey } from './guard/keys.ts';

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Whether requests need a key. */
  readonly needsKey: boolean;
  /**
   * Turns new requests away, lets running ones finish for as long as the configuration allows, aborts the rest. The
   * pipeline stays open: whoever opened it closes it.
   */
  close(): Promise<{ readonly aborted: number }>;
}

/** All bodies together may take this many times the largest one. */
const BODIES_AT_ONCE = 8;

/**
 * Serves a pipeline over HTTP. Throws `server.cannot-listen` when the address is taken, or beyond loopback without a key,
 * and `config.invalid`.
 */
export async function startServer(sensorium: Sensorium, loaded: LoadedConfig, version: string): Promise<RunningServer> {
  const { config, home } = loaded;
  const { host, port, apiKey, corsOrigins, maxRequests, maxBodyMb, drainSeconds } = config.server;
  const log = openLog(config.log);
  const keyring = openKeyring(home, { apiKey, onProblem: () => log.error('the file of keys cannot be read') });
  const loopback = await mustHaveKeys(host, keyring);
  const pace = openPace();
  const maxBodyBytes = maxBodyMb * 2 ** 20;
  const admission = openAdmission({ maxRequests, maxBodiesBytes: maxBodyBytes * BODIES_AT_ONCE }, pace);
  const drain = openDrain();
  const app = await buildApp({
    sensorium,
    config,
    version,
    log,
    words: wordsLog(log, config.log),
    metrics: openMetrics(admission, sensorium.processes),
    spoken: spokenAnswers(),
    replays: openReplays(),
    gate: {
      entrance: { keyring, loopback, host, corsOrigins: originSet(corsOrigins) },
      rates: openRates(config.server),
      admission,
      drain,
      pace,
      maxBodyBytes,
    },
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw cannotListen(error, host, port);
  }
  drain.open();
  const { port: bound } = app.server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  log.info({ url, keys: keyring.required }, 'listening');
  return {
    url,
    needsKey: keyring.required || !loopback,
    async close() {
      const ended = await drain.drain(drainSeconds * 1000);
      const closing = app.close();
      // Connections over which nothing was asked would be waited for.
      app.server.closeAllConnections();
      await closing;
      log.info(ended, 'stopped');
      return ended;
    },
  };
}

function cannotListen(error: unknown, host: string, port: number): SensoriumError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const taken = code === 'EADDRINUSE';
  return new SensoriumError('server.cannot-listen', `Cannot listen on ${host}:${port} (${code}).`, {
    hint: taken ? 'Something listens there already: choose another with --port.' : 'Choose another --host or --port.',
    details: { host, port, reason: code },
    cause: error,
  });
}
