// npm run eval:ledger: how good the ledger's own signals are, on recorded hypotheses with their references.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '#config/index.ts';
import { isSensoriumError } from '#contract/error.ts';
import { evaluateLedger, formatLedgerEvaluation, reliabilityPictures } from '#eval/index.ts';
import { openSensorium } from '#pipeline/index.ts';
import { openDictionary } from '#words/index.ts';

const HELP = `npm run eval:ledger -- [options]

  --data DIR   a folder with SET-asr-hypotheses.tsv, ../shared/data/text unless said otherwise: a row an utterance, with the columns
               id, reference, and those of recognisers and correctors
  --json       one JSON object instead of tables
  --out PATH   and write it there
  --svg DIR    and write the reliability diagrams there
`;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/text' },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
    svg: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
process.exitCode = await run();

async function run(): Promise<number> {
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const { signal } = stop;
  const sensorium = openSensorium(loadConfig());
  try {
    const words = await sensorium.models.ensure('chinese-words', {
      signal,
      onProgress: ({ model, file, state }) => state === 'started' && log(`fetching ${model}/${file}`),
    });
    const dictionary = await openDictionary(words);
    const evaluation = await evaluateLedger({ folder: options.data, dictionary, signal, onStep: log });
    if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(evaluation, null, 2)}\n`);
    if (options.svg !== undefined) {
      mkdirSync(options.svg, { recursive: true });
      for (const [name, svg] of reliabilityPictures(evaluation)) writeFileSync(join(options.svg, `${name}.svg`), svg);
    }
    process.stdout.write(options.json ? `${JSON.stringify(evaluation)}\n` : formatLedgerEvaluation(evaluation));
    return evaluation.scorer.mismatches > 0 ? 1 : 0;
  } catch (error) {
    if (!isSensoriumError(error)) throw error;
    log(`${error.message}\n${error.hint}`);
    return error.code === 'kit.cancelled' ? 130 : 2;
  } finally {
    await sensorium.close();
  }
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
