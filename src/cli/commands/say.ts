import type { Command } from 'commander';
import { SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import { lossLines } from '../report.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';
import { readAll, wavSink } from '../sound.ts';

interface SayOptions extends CommonOptions {
  voice?: string;
  out?: string;
  speed?: number;
}

export function addSay(program: Command, run: Run): void {
  commonOptions(program.command('say'))
    .summary('speak a text')
    .description(
      'Speaks a text with a voice. Markdown, code and links are read as a person would read them, or left out and listed.',
    )
    .argument('<text>', 'what to say; - reads it from standard input')
    .option('-o, --out <file.wav>', 'where the sound goes (- for standard output)')
    .option('--voice <name>', 'one of `sensorium voices list`')
    .option('--speed <n>', 'pace, 0.5 to 2', Number)
    .addHelpText(
      'after',
      '\nExamples:\n  sensorium say "Turn right in 300 meters." --voice heart --out turn.wav\n  echo "Hello." | sensorium say - --out - > hello.wav',
    )
    .action(
      run<SayOptions>(
        async ({ terminal, sensorium, config, signal }, options, given: string) => {
          const target = options.out ?? (process.stdout.isTTY || terminal.json ? undefined : '-');
          if (target === undefined) {
            throw new SensoriumError('cli.usage', 'The sound has nowhere to go.', {
              hint: 'Add --out FILE.wav, or --out - for standard output.',
            });
          }
          const text = given === '-' ? new TextDecoder().decode(await readAll(process.stdin)) : given;
          const sink = await wavSink(target);
          const losses: Loss[] = [];
          let durationMs = 0;
          try {
            for await (const event of sensorium.say(
              { text, voice: config.speak.voice, speed: config.speak.speed },
              signal,
            )) {
              if (event.kind === 'speech-chunk') await sink?.write(event.pcm, event.sampleRateHz);
              else if (event.kind === 'speech-end') durationMs = event.durationMs;
              else if (event.kind === 'loss-noted') losses.push(event.loss);
            }
            const path = await sink?.finish();
            const voice = config.speak.voice;
            // Standard output holds the sound.
            if (target === '-') return terminal.quiet ? undefined : terminal.err(lossLines(losses, terminal));
            if (terminal.json)
              return terminal.out(`${JSON.stringify({ speech: { path, voice, durationMs }, losses })}\n`);
            if (terminal.quiet) return;
            terminal.out(
              `${path} ${terminal.style.dim(`(${(durationMs / 1000).toFixed(1)} s, ${voice})`)}\n${lossLines(losses, terminal)}`,
            );
          } finally {
            await sink?.discard();
          }
        },
        (options) => ({ 'speak.voice': options.voice, 'speak.speed': options.speed }),
      ),
    );
}
