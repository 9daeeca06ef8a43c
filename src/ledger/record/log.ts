import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ledger } from '#contract/ledger.ts';
import { redact } from './redact.ts';

/** Where ledgers are written down as they are made. */
export interface LedgerLog {
  /** Adds one line. Never throws: a log that cannot be written must not cost anybody an answer. */
  append(ledger: Ledger): Promise<void>;
}

export interface LedgerLogOptions {
  /** A file that gets one line of JSON for each ledger. */
  readonly path: string;
  /** Keep the words people said and sent too; else they are taken out. */
  readonly text: boolean;
  /** Told once when writing begins to fail; after it went well again, once more. */
  onTrouble(problem: NodeJS.ErrnoException): void;
}

/**
 * Opens a log for ledgers, readable by the owner alone. Several processes may append to one file: each line is one write at its end. The file is
 * opened for each line, so that it can be moved away (logrotate) at any time.
 */
export function openLedgerLog({ path, text, onTrouble }: LedgerLogOptions): LedgerLog {
  let isFailing = false;
  let isTorn = false;
  return {
    async append(ledger) {
      const line = `${isTorn ? '\n' : ''}${JSON.stringify(text ? ledger : redact(ledger))}\n`;
      try {
        await mkdir(dirname(path), { recursive: true });
        const file = await open(path, 'a', 0o600);
        try {
          const bytes = Buffer.from(line);
          const { bytesWritten } = await file.write(bytes);
          // A disk that is full takes part of a line; what is left of it must not spoil the next.
          isTorn = bytesWritten < bytes.length;
          if (isTorn) throw Object.assign(new Error('Only part of a line was written.'), { code: 'ENOSPC' });
        } finally {
          await file.close();
        }
        isFailing = false;
      } catch (problem) {
        if (!isFailing) onTrouble(problem as NodeJS.ErrnoException);
        isFailing = true;
      }
    },
  };
}
