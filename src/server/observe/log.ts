import { type Logger, pino } from 'pino';
import type { Config } from '#config/index.ts';

export type { Logger } from 'pino';

/** Writes what was said in one request into the log, where the configuration allows that. */
export type WordsLog = (requestId: string, words: Readonly<Record<string, unknown>>) => void;

/** What people said goes into the log only when `log.pii` is set, and only under the field `pii`. */
export function wordsLog(log: Logger, { pii }: Config['log']): WordsLog {
  return pii ? (request, words) => log.info({ request, pii: words }, 'words') : () => {};
}

/**
 * One JSON line per event on standard error: a fixed message, and data in fields. What a person said, showed or typed goes
 * only into fields under `pii`, which are left out unless the configuration asks for them.
 */
export function openLog(
  { level, pii }: Config['log'],
  to: { write(line: string): void } = pino.destination({ fd: 2, sync: false }),
): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    ...(pii ? {} : { redact: { paths: ['pii'], remove: true } }),
  };
  return pino(options, to);
}
