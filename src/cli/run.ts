import type { Command } from 'commander';
import { type Config, type LoadedConfig, loadConfig } from '#config/index.ts';
import { openSensorium, type Sensorium } from '#pipeline/index.ts';
import { reportError } from './errors.ts';
import { downloadDisplay } from './progress.ts';
import { openTerminal, type Terminal } from './terminal.ts';

export interface CommonOptions {
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  offline?: boolean;
}

/** What a command works with. `sensorium` is closed when the command ends, however it ends. */
export interface Context {
  readonly terminal: Terminal;
  readonly loaded: LoadedConfig;
  readonly config: Config;
  readonly sensorium: Sensorium;
  readonly signal: AbortSignal;
}

/**
 * Wraps a command's work into what commander calls: `settings` says which options stand for which settings. A number
 * that the work returns is the exit code; anything else means 0.
 */
export type Run = <O extends CommonOptions>(
  work: (context: Context, options: O, ...args: never[]) => Promise<unknown>,
  settings?: (options: O) => Record<string, unknown>,
) => (...given: unknown[]) => Promise<void>;

/** The options every command has. */
export function commonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object and nothing else on standard output')
    .option('-q, --quiet', 'print the result only')
    .option('--offline', 'forbid every network access')
    .option('--verbose', 'show the stack of an error');
}

/** Makes the wrapper; `done` receives the exit code. Ctrl-C stops the work, a second one stops at once. */
export function runner(done: (exitCode: number) => void): Run {
  return (work, settings = () => ({})) =>
    async (...given) => {
      // Commander hands over the arguments, then the options, then the command.
      const options = given.at(-2) as never;
      const args = given.slice(0, -2) as never[];
      const common: CommonOptions = options;
      const terminal = openTerminal(common);
      const stop = new AbortController();
      const interrupt = () => {
        if (stop.signal.aborted) process.exit(130);
        stop.abort();
      };
      process.on('SIGINT', interrupt);
      process.on('SIGTERM', interrupt);
      const display = downloadDisplay(terminal);
      let sensorium: Sensorium | undefined;
      try {
        const loaded = loadConfig({ offline: common.offline, ...settings(options) });
        sensorium = openSensorium(loaded, {
          onDownload: display.show,
          onTrouble: (message) => terminal.err(`${message}\n`),
        });
        const context = { terminal, loaded, config: loaded.config, sensorium, signal: stop.signal };
        const outcome = await work(context, options, ...args);
        done(typeof outcome === 'number' ? outcome : 0);
      } catch (error) {
        display.stop();
        done(reportError(error, terminal));
      } finally {
        display.stop();
        await sensorium?.close();
        process.off('SIGINT', interrupt);
        process.off('SIGTERM', interrupt);
      }
    };
}
