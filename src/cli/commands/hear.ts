import { type Command, Option } from 'commander';
import { SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { Transcript } from '#contract/perception.ts';
import { formatTranscript, TRANSCRIPT_FORMATS, type TranscriptFormat } from '#pipeline/index.ts';
import { hearingDisplay } from '../progress.ts';
import { lossLines, markedText } from '../report.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';
import { mediaInputs } from '../sound.ts';

interface HearOptions extends CommonOptions {
  format?: TranscriptFormat;
  language?: string;
  model?: string;
}

export function addHear(program: Command, run: Run): void {
  commonOptions(program.command('hear'))
    .summary('turn a recording into text')
    .description('Hears a recording or the sound of a video, and underlines the words it is not sure of.')
    .argument('<file>', 'a file, a URL, or - for standard input')
    .addOption(new Option('-f, --format <format>', 'as in OpenAI’s API').choices(TRANSCRIPT_FORMATS))
    .option('-l, --language <tag>', 'language that is spoken, if you know it')
    .option('-m, --model <id>', 'speech recogniser')
    .addHelpText(
      'after',
      '\nExamples:\n  sensorium hear meeting.m4a\n  sensorium hear talk.mp3 --format srt > talk.srt\n  sensorium hear speech.wav --json',
    )
    .action(
      run<HearOptions>(
        async ({ terminal, sensorium, signal }, options, file: string) => {
          if (terminal.json && options.format && options.format !== 'json') {
            throw new SensoriumError(
              'cli.usage',
              `--json and --format ${options.format} ask for two different outputs.`,
              { hint: 'Choose one.' },
            );
          }
          const [media] = await mediaInputs([file]);
          if (!media) return;
          const progress = hearingDisplay(terminal);
          let transcript: Transcript | null = null;
          const losses: Loss[] = [];
          try {
            for await (const event of sensorium.hear({ media, language: options.language }, signal)) {
              if (event.kind === 'part-perceived' && event.perception.kind === 'transcript')
                transcript = event.perception;
              if (event.kind === 'loss-noted') losses.push(event.loss);
              if (event.kind === 'hearing-moved') progress.show(event.heardMs, event.durationMs);
            }
          } finally {
            progress.stop();
          }
          if (!transcript) return;
          if (terminal.json) return terminal.out(`${JSON.stringify({ ...transcript, losses })}\n`);
          if (options.format) terminal.out(formatTranscript(transcript, options.format, { words: true }));
          else terminal.out(`${terminal.quiet ? transcript.text : markedText(transcript, terminal)}\n`);
          if (!terminal.quiet) terminal.err(lossLines(losses, terminal));
        },
        (options) => ({ 'hear.model': options.model }),
      ),
    );
}
