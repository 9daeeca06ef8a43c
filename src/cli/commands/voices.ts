import type { Command } from 'commander';
import { commonOptions, type Run } from '../run.ts';

export function addVoices(program: Command, run: Run): void {
  const voices = program.command('voices').summary('what can be spoken with').description('Voices for say and ask.');
  commonOptions(voices.command('list'))
    .summary('every voice with its language')
    .addHelpText('after', '\nExamples:\n  sensorium voices list\n  sensorium voices list --json')
    .action(
      run(async ({ terminal, sensorium }) => {
        const list = sensorium.voices();
        if (terminal.json) return terminal.out(`${JSON.stringify({ voices: list })}\n`);
        for (const { id, name, language, gender, engine } of list) {
          terminal.out(
            `${name.padEnd(12)} ${id.padEnd(14)} ${language.padEnd(6)} ${gender.padEnd(8)} ${terminal.style.dim(engine)}\n`,
          );
        }
      }),
    );
}
