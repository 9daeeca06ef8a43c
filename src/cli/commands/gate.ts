import { type Command, Option } from 'commander';
import { SensoriumError } from '#contract/error.ts';
import { calibrateGateFor, checkGate, listGateReports, readGateReport } from '#pipeline/index.ts';
import { calibrationText, gateLine, gateText } from '../gate-report.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';
import type { Terminal } from '../terminal.ts';

interface Named extends CommonOptions {
  component: string;
  model: string;
}

interface CheckOptions extends Named {
  items?: string;
  language?: 'en' | 'zh' | 'both';
}

interface CalibrateOptions extends CommonOptions {
  model: string;
  component?: string;
  seeds: string;
  other?: string;
}

const COMPONENT = 'identity, own-table, mmproj:FILE.gguf, or a folder with component.json';

/** `sensorium gate`: whether a language model understands the vectors a component makes for it. */
export function addGate(program: Command, run: Run): void {
  const gate = program
    .command('gate')
    .summary('whether a language model understands the vectors made for it')
    .description(
      'Measures whether a component’s vectors mean to a language model what they should. Only what passed is ever sent to it.',
    );

  commonOptions(gate.command('check'))
    .summary('look at a component before a model, and keep the report')
    .requiredOption('-c, --component <ref>', COMPONENT)
    .requiredOption('-m, --model <id>', 'the language model: an installed one, or a GGUF file')
    .option('--items <file>', 'own items, a JSON object a line, instead of the sentences that ship')
    .addOption(
      new Option('-l, --language <tag>', 'language of the sentences that ship')
        .choices(['en', 'zh', 'both'])
        .default('both'),
    )
    .addHelpText('after', HELP)
    .action(
      run<CheckOptions>(async ({ terminal, loaded, sensorium, signal }, { component, model, items, language }) => {
        const progress = progressLine(terminal);
        const request = { component, model, items, language, onProgress: progress.show };
        const report = await checkGate(request, { loaded, sensorium }, signal).finally(progress.stop);
        if (terminal.json) terminal.out(`${JSON.stringify(report)}\n`);
        else terminal.out(terminal.quiet ? `${report.grade}\n` : gateText(report, terminal));
        return report.grade === 'refused' ? 1 : 0;
      }),
    );

  commonOptions(gate.command('calibrate'))
    .summary('how well the gate tells useless vectors from useful ones for a model')
    .requiredOption('-m, --model <id>', 'the language model')
    .option('-c, --component <folder>', 'a folder with component.json, where the outcome is kept')
    .option('--seeds <n>', 'seeds of each hostile family', '5')
    .option('--other <file>', 'the GGUF file of another model, whose table is one more family')
    .addHelpText(
      'after',
      '\nExits with 1 when one hostile family got in or one control was refused.\n\nExamples:\n  sensorium gate calibrate -m smollm2-135m-instruct\n  sensorium gate calibrate -m smollm2-135m-instruct -c ./my-connector --seeds 20 --other other.gguf',
    )
    .action(
      run<CalibrateOptions>(
        async ({ terminal, loaded, sensorium, signal }, { model, component = null, seeds, other }) => {
          const progress = progressLine(terminal);
          const onRun = (done: number, total: number) => progress.show({ check: 'run', done, total });
          const request = { model, component, seeds: seedsFrom(seeds), other, onRun };
          const found = await calibrateGateFor(request, { loaded, sensorium }, signal).finally(progress.stop);
          terminal.out(terminal.json ? `${JSON.stringify(found)}\n` : calibrationText(found));
          const isSound = found.negativesRefused === found.negatives && found.positivesAccepted === found.positives;
          return isSound ? 0 : 1;
        },
      ),
    );

  commonOptions(gate.command('list'))
    .summary('what was looked at, newest first')
    .addHelpText('after', '\nExamples:\n  sensorium gate list\n  sensorium gate list --json')
    .action(
      run<CommonOptions>(async ({ terminal, loaded }) => {
        const reports = await listGateReports(loaded.home);
        if (terminal.json) return terminal.out(`${JSON.stringify(reports)}\n`);
        if (reports.length > 0) return terminal.out(reports.map(gateLine).join(''));
        if (!terminal.quiet) terminal.err('Nothing was looked at yet. Start with: sensorium gate check --help\n');
      }),
    );

  commonOptions(gate.command('show'))
    .summary('one report again')
    .requiredOption('-c, --component <ref>', COMPONENT)
    .requiredOption('-m, --model <id>', 'the language model')
    .addHelpText('after', '\nExamples:\n  sensorium gate show -c own-table -m smollm2-135m-instruct')
    .action(
      run<Named>(async ({ terminal, loaded }, { component, model }) => {
        const report = await readGateReport(loaded.home, component, model);
        if (!report) {
          throw new SensoriumError('cli.usage', `${component} before ${model} was not looked at.`, {
            hint: `Look: sensorium gate check --component ${component} --model ${model}`,
          });
        }
        terminal.out(terminal.json ? `${JSON.stringify(report)}\n` : gateText(report, terminal));
      }),
    );
}

const HELP = `
Exits with 0 when the model understands the vectors and with 1 when it is refused. The report is kept, and the embedding route
looks for it there; without one nothing is sent.

Examples:
  sensorium gate check --component own-table --model smollm2-135m-instruct
  sensorium gate check -c ./my-connector -m qwen2.5-coder-0.5b-instruct --items speech.jsonl
  sensorium gate check -c identity -m ./model.gguf --language zh --json

Items, one a line:
  {"audio": "clips/001.wav", "text": "what is said there"}
  {"image": "cats.jpg", "text": "two cats on a red sofa"}
  {"text": "a sentence"}`;

function seedsFrom(text: string): number {
  const seeds = Number(text);
  if (Number.isInteger(seeds) && seeds >= 1 && seeds <= 1000) return seeds;
  throw new SensoriumError('cli.usage', `--seeds ${text} is not a number from 1 to 1000.`, {
    hint: '5 are usual, 50 are thorough.',
  });
}

/** What is being looked at: on one line where a person watches, elsewhere a line a check. */
function progressLine({ live, quiet, err }: Terminal) {
  let told = '';
  return {
    show({ check, done, total }: { readonly check: string; readonly done: number; readonly total: number }): void {
      if (live) err(`\r\u001b[K${check} ${done} of ${total}`);
      else if (!quiet && told !== check) {
        told = check;
        err(`${check} …\n`);
      }
    },
    stop: () => live && err('\r\u001b[K'),
  };
}
