import { type Logger, pino } from 'pino';
import type { Config } from '#config/index.ts';

export type { Logger } from 'pino';

/**
 * One JSON line per event on standard error: a fixed message, and data in fields. What a person said, showed or typed goes
 * only into fields under `pii`, which are left out unless the configuration asks for them.
 */
export function openLog({ level, pii }: Config['log']): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    ...(pii ? {} : { redact: { paths: ['pii'], remove: true } }),
  };
  return pino(options, pino.destination({ fd: 2, sync: false }));
}
