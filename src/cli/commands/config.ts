import type { Command } from 'commander';
import { listSettings } from '#config/index.ts';
import { commonOptions, type Run } from '../run.ts';

export function addConfig(program: Command, run: Run): void {
  const config = program
    .command('config')
    .summary('what is set, and where it was set')
    .description('Shows the configuration.');
  commonOptions(config.command('show'))
    .summary('every setting, its value and where it came from; secrets are masked')
    .addHelpText(
      'after',
      '\nSettings live in config.json in the home folder; the environment and options go before it.\n\nExamples:\n  sensorium config show\n  SENSORIUM_HOME=/data/sensorium sensorium config show --json',
    )
    .action(
      run(async ({ terminal, loaded }) => {
        const settings = listSettings(loaded);
        if (terminal.json) return terminal.out(`${JSON.stringify({ settings })}\n`);
        const width = Math.max(...settings.map(({ name }) => name.length));
        for (const { name, value, origin } of settings) {
          terminal.out(`${name.padEnd(width)}  ${JSON.stringify(value)}  ${terminal.style.dim(origin)}\n`);
        }
      }),
    );
}
