import { type Command, Option } from 'commander';
import { SensoriumError } from '#contract/error.ts';
import type { Ledger } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { Transcript } from '#contract/perception.ts';
import { formatTranscript, TRANSCRIPT_FORMATS, type TranscriptFormat } from '#pipeline/index.ts';
import { perceivingDisplay } from '../progress.ts';
import { heardText, lossLines, lostLine, toneLine } from '../report.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';
import { mediaInputs } from '../sound.ts';

interface HearOptions extends CommonOptions {
  format?: TranscriptFormat;
  language?: string;
  model?: string;
  second?: string;
  speakers?: string;
  tone?: boolean;
  script?: string;
  verbatim?: boolean;
}

export function addHear(program: Command, run: Run): void {
  commonOptions(program.command('hear'))
    .summary('turn a recording into text')
    .description('Hears a recording or the sound of a video, and underlines the words it is not sure of.')
    .argument('<file>', 'a file, a URL, or - for standard input')
    .addOption(new Option('-f, --format <format>', 'as in OpenAI’s API').choices(TRANSCRIPT_FORMATS))
    .option('-l, --language <tag>', 'language that is spoken, if you know it')
    .option('-m, --model <id>', 'speech recogniser: whisper-base, moonshine-tiny, KIND:/FOLDER or VENDOR:NAME')
    .option('--second <id>', 'a recogniser of another kind that hears doubtful stretches again')
    .option('--speakers <id>', 'tell voices apart: pyannote:/FOLDER')
    .option('--verbatim', 'keep fillers, particles and repetitions, where the recogniser can be asked to')
    .option('--no-tone', 'leave out how it was said (pauses, pitch, pace, emotion)')
    .addOption(
      new Option('--script <script>', 'Chinese characters wanted').choices(['as-spoken', 'simplified', 'traditional']),
    )
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
          const progress = perceivingDisplay(terminal);
          let transcript: Transcript | null = null;
          let ledger: Ledger | null = null;
          const losses: Loss[] = [];
          try {
            for await (const event of sensorium.perceive(
              { media, sense: 'hear', language: options.language },
              signal,
            )) {
              if (event.kind === 'part-perceived' && event.perception.kind === 'transcript')
                transcript = event.perception;
              if (event.kind === 'ledger-made') ledger = event.ledger;
              if (event.kind === 'loss-noted') losses.push(event.loss);
              progress.happened(event);
            }
          } finally {
            progress.stop();
          }
          if (!transcript) return;
          if (terminal.json) return terminal.out(`${JSON.stringify({ ...transcript, losses, ledger })}\n`);
          const { spans } = (ledger as Ledger | null) ?? { spans: [] };
          if (options.format) terminal.out(formatTranscript(transcript, options.format, { words: true }));
          else terminal.out(`${terminal.quiet ? transcript.text : heardText(transcript, spans, terminal)}\n`);
          if (terminal.quiet) return;
          const { enriched } = transcript as Transcript;
          if (!options.format && enriched && enriched.marks.length > 0) terminal.err(toneLine(enriched, terminal));
          if (ledger) terminal.err(lostLine(ledger, terminal));
          terminal.err(lossLines(losses, terminal));
        },
        (options) => ({
          'hear.model': options.model,
          'hear.second': options.second,
          'hear.speakers': options.speakers,
          'hear.tone': options.tone === false ? false : undefined,
          'hear.script': options.script,
          'hear.verbatim': options.verbatim,
        }),
      ),
    );
}
