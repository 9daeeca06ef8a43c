import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { SensoriumError } from '#contract/error.ts';
import { calibrate, formatCalibration, pictureOf } from '#eval/index.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';
import type { Terminal } from '../terminal.ts';

interface CalibrateOptions extends CommonOptions {
  out?: string;
  language?: string;
  model?: string;
  second?: string;
}

export function addCalibrate(program: Command, run: Run): void {
  commonOptions(program.command('calibrate'))
    .summary('learn from your own labelled items how likely a heard word is wrong')
    .description(
      'Fits a calibration profile on labelled items, 100 of them or more, and tells how good it is on speakers it has not seen.',
    )
    .argument(
      '<data>',
      'JSON lines: {"audio", "text"} or {"hypothesis", "reference", "second", "words"}, with "speaker" and "lang" if known',
    )
    .option('-o, --out <file>', 'where the profile goes, its picture beside it as .svg (DATA.profile.json if left out)')
    .option('-l, --language <tag>', 'language of what is printed and drawn: en or zh', 'en')
    .option('-m, --model <id>', 'speech recogniser that hears the recordings')
    .option('--second <id>', 'a recogniser of another kind that hears doubtful stretches again')
    .addHelpText('after', HELP)
    .action(
      run<CalibrateOptions>(
        async ({ terminal, sensorium, config, signal }, { out, language }, data: string) => {
          const path = resolve(out ?? `${data.replace(/\.jsonl?$/i, '')}.profile.json`);
          const picture = `${path.replace(/\.json$/i, '')}.svg`;
          refuseNoFolder(path);
          const progress = progressLine(terminal);
          const asked = { path: data, sensorium, settings: JSON.stringify(config.hear), signal, date: new Date() };
          const calibration = await calibrate({ ...asked, onHeard: progress.show }).finally(progress.stop);
          await write(path, `${JSON.stringify(calibration.profile)}\n`);
          await write(picture, pictureOf(calibration, language));
          if (terminal.json) {
            const { profile, ...figures } = calibration;
            const { model: _model, calibration: _line, ...about } = profile;
            return terminal.out(`${JSON.stringify({ profile: path, picture, ...about, ...figures })}\n`);
          }
          terminal.out(terminal.quiet ? `${path}\n` : formatCalibration(calibration, language));
          if (!terminal.quiet) terminal.out(next(path, picture, language));
        },
        ({ model, second }) => ({ 'hear.model': model, 'hear.second': second }),
      ),
    );
}

const HELP = `
What is heard is kept beside the data in DATA.heard: after Ctrl-C the same command goes on from there.

Examples:
  sensorium calibrate calls.jsonl
  sensorium calibrate calls.jsonl --out calls.profile.json --second moonshine-tiny
  sensorium calibrate 会议.jsonl --language zh --json

Items, one a line:
  {"audio": "clips/001.wav", "text": "what is said there", "speaker": "anna", "lang": "en"}
  {"hypothesis": "what was heard", "reference": "what is said", "second": "what another recogniser heard"}
  {"hypothesis": "hello word", "reference": "hello world", "words": [{"text": "hello", "confidence": 0.98}, {"text": "word", "confidence": 0.61}]}`;

function next(path: string, picture: string, language: string | undefined): string {
  const setting = JSON.stringify({ ledger: { profile: path } });
  if (/^zh\b/i.test(language ?? '')) return `已写入 ${path} 与 ${picture}。要使用它，在配置文件里写 ${setting}\n`;
  return `Written: ${path} and ${picture}. To use it, put ${setting} into the configuration file.\n`;
}

/** Said before an hour of hearing, not after it. */
function refuseNoFolder(path: string): void {
  if (existsSync(dirname(path))) return;
  throw new SensoriumError('cli.cannot-write', `There is no folder ${dirname(path)}.`, {
    hint: 'Make it first, or name another file with --out.',
  });
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => {
    throw new SensoriumError('cli.cannot-write', `Cannot write ${path}.`, {
      hint: 'Name another file with --out.',
      cause,
    });
  });
}

/** How many recordings have been heard: on one line where a person watches, elsewhere a line for every tenth of them. */
function progressLine({ live, quiet, err }: Terminal) {
  let told = 0;
  return {
    show(done: number, total: number): void {
      const words = `heard ${done} of ${total} recordings`;
      if (live) err(`\r\u001b[K${words}`);
      else if (!quiet && (done === total || done - told >= total / 10)) {
        told = done;
        err(`${words}\n`);
      }
    },
    stop: () => live && err('\r\u001b[K'),
  };
}
