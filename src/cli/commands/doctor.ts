import type { Command } from 'commander';
import { commonOptions, type Run } from '../run.ts';

export function addDoctor(program: Command, run: Run): void {
  commonOptions(program.command('doctor'))
    .summary('what this machine can run, what is missing, and how to get it')
    .addHelpText(
      'after',
      '\nExits with 3 when something the main job needs is missing.\n\nExamples:\n  sensorium doctor\n  sensorium doctor --json',
    )
    .action(
      run(async ({ terminal, sensorium }) => {
        const checks = await sensorium.doctor();
        const ready = checks.every(({ ok, needed }) => ok || !needed);
        if (terminal.json) terminal.out(`${JSON.stringify({ ready, checks })}\n`);
        else {
          const { green, red, yellow, dim } = terminal.style;
          for (const { name, ok, needed, detail, fix } of checks) {
            const mark = ok ? green('ok     ') : needed ? red('MISSING') : yellow('absent ');
            terminal.out(`${mark} ${name.padEnd(28)} ${detail}${fix ? `\n        ${dim('→')} ${fix}` : ''}\n`);
          }
          terminal.out(
            ready ? '\nThis machine can run the main job.\n' : '\nThe main job cannot run yet: see MISSING.\n',
          );
        }
        return ready ? 0 : 3;
      }),
    );
}
