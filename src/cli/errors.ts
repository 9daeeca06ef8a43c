import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import type { Terminal } from './terminal.ts';

/** What a shell is told: 0 good, 1 our fault, 2 the caller's, 3 upstream or something missing here, 130 stopped by Ctrl-C. */
export function exitCodeOf(error: SensoriumError): number {
  if (error.code === 'kit.cancelled') return 130;
  return { us: 1, caller: 2, operator: 3, upstream: 3 }[error.blame];
}

/** Turns whatever was thrown into one line (or one JSON object), the next step, and an exit code. */
export function reportError(thrown: unknown, terminal: Terminal): number {
  const known = isSensoriumError(thrown);
  const code = known ? thrown.code : 'us.bug';
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const hint = known ? thrown.hint : 'This should not happen. Please report it with the output of --verbose.';
  if (terminal.json) {
    const details = known ? thrown.details : {};
    terminal.out(`${JSON.stringify({ error: { code, message, hint, details } })}\n`);
  }
  terminal.err(
    `${terminal.style.red('error')} ${code}: ${oneLine(message)}${hint ? ` ${terminal.style.dim(oneLine(hint))}` : ''}\n`,
  );
  if (terminal.verbose) terminal.err(`${stackOf(thrown)}\n`);
  return known ? exitCodeOf(thrown) : 1;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  const cause = thrown.cause === undefined ? '' : `\ncaused by: ${stackOf(thrown.cause) || String(thrown.cause)}`;
  return `${thrown.stack ?? thrown.message}${cause}`;
}
