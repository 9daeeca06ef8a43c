import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { SensoriumError } from '#contract/error.ts';
import { CONNECTOR_METHODS } from '#contract/prompt-vectors.ts';
import { type FitWish, fitConnectorOf } from '#pipeline/index.ts';
import { type CommonOptions, commonOptions, type Run } from '../run.ts';

interface FitOptions extends CommonOptions {
  pairs?: string;
  from?: string;
  model: string;
  out: string;
  encoder?: string;
  outputs?: string;
  anchors: number;
  method: FitWish['method'];
}

export function addEmbed(program: Command, run: Run): void {
  const embed = program
    .command('embed')
    .summary('components that make vectors for a language model')
    .description('Embedding components: what turns media or text into vectors in a language model’s own input space.');

  commonOptions(embed.command('fit'))
    .summary('fit a connector from an encoder’s vectors to a language model')
    .description(
      'Fits a connector in closed form, in seconds and without a GPU, and tells how good it is on pairs it was not fitted on.',
    )
    .option('--pairs <file>', 'JSON lines: {"vectors": rows or a .npy file, "text": "the words for it"}')
    .option('--from <model>', 'instead of pairs: another language model, whose tokens serve as pairs')
    .requiredOption('--model <id>', 'language model that is to understand the vectors: of the store, or a GGUF file')
    .requiredOption('--out <folder>', 'where the component goes')
    .option('--encoder <name>', 'what made the vectors of the pairs', 'encoder')
    .option('--outputs <folder>', 'where the encoder leaves its rows for later media, each as SHA256.npy')
    .option('--anchors <count>', 'how many shared tokens to fit on', count, 2048)
    .addOption(new Option('--method <name>', 'how').choices(CONNECTOR_METHODS).default('ridge-mixture'))
    .addHelpText('after', HELP)
    .action(
      run<FitOptions>(async ({ terminal, loaded, sensorium, signal }, options) => {
        const wish = wishOf(options);
        const means = {
          ...{ config: loaded.config, home: loaded.home },
          ensure: (model: string, stop: AbortSignal) =>
            sensorium.models.ensure(model, { signal: stop, onProgress: sensorium.onDownload }),
          tell: (step: string) => {
            if (!terminal.quiet && !terminal.json) terminal.err(`${step}\n`);
          },
        };
        const { manifest, heldOut, fittedOn, fitMs } = await fitConnectorOf(wish, means, signal);
        if (terminal.json)
          return terminal.out(
            `${JSON.stringify({ folder: wish.out, manifest: brief(manifest), heldOut, fittedOn, fitMs })}\n`,
          );
        if (terminal.quiet) return terminal.out(`${wish.out}\n`);
        terminal.out(
          `${wish.out}: fitted on ${fittedOn} pairs in ${(fitMs / 1000).toFixed(1)} s by ${options.method}\n${heldOutLine(heldOut)}\n`,
        );
        terminal.out(
          `Whether the model understands it: sensorium gate check --component ${wish.out} --model ${options.model}\n`,
        );
      }),
    );
}

const HELP = `
A row of vectors stands for its whole text; as many rows as the text has tokens stand for a token each; otherwise they are cut evenly.

Examples:
  sensorium embed fit --pairs clips.jsonl --encoder my-encoder --outputs rows/ --model smollm2-135m-instruct --out my-component
  sensorium embed fit --from qwen2.5-coder-0.5b-instruct --model smollm2-135m-instruct --out from-qwen`;

function wishOf({ pairs, from, model, out, encoder = 'encoder', outputs, anchors, method }: FitOptions): FitWish {
  if ((pairs === undefined) === (from === undefined)) {
    throw new SensoriumError('cli.usage', 'There is nothing to fit on, or two things.', {
      hint: 'Give either --pairs FILE or --from MODEL.',
    });
  }
  const source =
    from === undefined ? { pairs: pairs ?? '', encoder, outputs: outputs ?? null } : { model: from, anchors };
  return { model, from: source, method, out };
}

interface HeldOut {
  readonly pairs: number;
  readonly of: 'tokens' | 'pairs';
  readonly cosine: number | null;
  readonly nearestShare: number | null;
}

/** What was found on pairs that took no part in fitting. */
function heldOutLine({ pairs, of, cosine, nearestShare }: HeldOut): string {
  const what = of === 'tokens' ? 'whose tokens were not fitted on' : 'of tokens that were fitted on';
  const right =
    nearestShare === null ? [] : [`${(nearestShare * 100).toFixed(1)} % are nearest to the right own token`];
  const near = cosine === null ? [] : [`cosine to it ${cosine.toFixed(2)}`];
  return `on ${pairs} other pairs ${what}: ${[...right, ...near].join(', ')}`;
}

/** The manifest without the sketch of the table: 64 rows that nobody reads. */
function brief<T extends { readonly target: object }>(manifest: T) {
  return { ...manifest, target: { ...manifest.target, sketch: undefined } };
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 16 && value <= 100_000) return value;
  throw new InvalidArgumentError('It must be a whole number from 16 to 100000.');
}
