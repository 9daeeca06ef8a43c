// npm run eval:embedding: what the gate refuses and lets in, whether vectors go in exactly, what connectors tell, what a store finds again.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '#config/index.ts';
import { isSensoriumError } from '#contract/error.ts';
import { EMBEDDING_PARTS, evaluateEmbedding, formatEmbeddingEvaluation } from '#eval/index.ts';
import { openSensorium } from '#pipeline/index.ts';

const HELP = `npm run eval:embedding -- [options]

  --quick      a few of everything, in some minutes; without it all of it, in some twenty
  --only LIST  parts, with commas: ${Object.keys(EMBEDDING_PARTS).join(', ')}
  --json       one JSON object instead of tables
  --out PATH   and write it there
`;

/** The local models that are measured; fetched where they are not there. */
const MODELS = ['smollm2-135m-instruct', 'qwen2.5-coder-0.5b-instruct'];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
process.exitCode = await run();

async function run(): Promise<number> {
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const only = options.only?.split(',') ?? Object.keys(EMBEDDING_PARTS);
  const unknown = only.filter((part) => !Object.hasOwn(EMBEDDING_PARTS, part));
  if (unknown.length > 0) {
    tell(`There is no part called ${unknown.join(', ')}. Parts: ${Object.keys(EMBEDDING_PARTS).join(', ')}.`);
    return 2;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const { signal } = stop;
  const loaded = loadConfig();
  const sensorium = openSensorium(loaded);
  try {
    for (const model of MODELS) {
      await sensorium.models.ensure(model, {
        signal,
        onProgress: ({ model, file, state }) => state === 'started' && tell(`fetching ${model}/${file}`),
      });
    }
    const evaluation = await evaluateEmbedding(only, { home: loaded.home, signal, quick: options.quick, tell });
    if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(evaluation, null, 2)}\n`);
    process.stdout.write(options.json ? `${JSON.stringify(evaluation)}\n` : formatEmbeddingEvaluation(evaluation));
    return 0;
  } catch (error) {
    if (!isSensoriumError(error)) throw error;
    tell(`${error.message}\n${error.hint}`);
    return error.code === 'kit.cancelled' ? 130 : 2;
  } finally {
    await sensorium.close();
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
