import pc from 'picocolors';

/** Where a command prints: results to `out`, everything about getting there to `err`. */
export interface Terminal {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly style: ReturnType<typeof pc.createColors>;
  /** Whether a person watches stderr, so that moving bars make sense. */
  readonly live: boolean;
  out(text: string): void;
  err(text: string): void;
}

export interface TerminalOptions {
  readonly json?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** The terminal this process runs in. Colours only where a person reads. */
export function openTerminal(options: TerminalOptions): Terminal {
  return {
    json: options.json ?? false,
    verbose: options.verbose ?? false,
    quiet: options.quiet ?? false,
    style: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
    live: process.stderr.isTTY === true && !options.quiet,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}
