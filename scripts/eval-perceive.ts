// npm run eval:perceive: turns every file of a manifest into text and compares it with what is known to be in it.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '#config/index.ts';
import { isSensoriumError } from '#contract/error.ts';
import { evaluatePerception, formatEvaluation, type RowResult } from '#eval/index.ts';
import { openSensorium } from '#pipeline/index.ts';
import { besidePeer, formatBeside } from './eval-peer.ts';

const HELP = `npm run eval:perceive -- --data DIR [options]

  --data DIR       a folder with manifest.jsonl: an object a line with file, modality, lang, text
  --json           one JSON object instead of tables
  --out PATH       and write it there
  --model ID       speech recogniser (hear.model)
  --reader ID      what reads pictures (see.reader)
  --declare        tell the recogniser the language of each row instead of letting it find out
  --only KIND      rows of one modality: audio, image, video, document
  --peer           and faster-whisper with the same weights, in turn with ours; needs Python 3.11
  --beam N         beam of faster-whisper, 5 unless said otherwise (its own default)
  --runs N         timed runs of each side with --peer, 5 unless said otherwise
`;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
    model: { type: 'string' },
    reader: { type: 'string' },
    declare: { type: 'boolean', default: false },
    only: { type: 'string' },
    peer: { type: 'boolean', default: false },
    beam: { type: 'string', default: '5' },
    runs: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
process.exitCode = await run();

async function run(): Promise<number> {
  const { data: folder } = options;
  if (options.help || folder === undefined) {
    process.stdout.write(HELP);
    return options.help ? 0 : 2;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const loaded = loadConfig({
    'hear.model': options.model,
    'see.reader': options.reader,
    'perceive.remember': 'nothing',
  });
  const sensorium = openSensorium(loaded, {
    onDownload: ({ model, file, state }) => state === 'started' && log(`fetching ${model}/${file}`),
  });
  try {
    const asked = { folder, declare: options.declare, only: options.only, signal: stop.signal };
    const evaluation = await evaluatePerception(sensorium, { ...asked, onRow: progress });
    const peer = options.peer
      ? await besidePeer(
          evaluation,
          sensorium,
          { ...asked, beam: Number(options.beam), runs: Number(options.runs) },
          log,
        )
      : null;
    const whole = { model: loaded.config.hear.model, reader: loaded.config.see.reader, ...evaluation, peer };
    if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(whole, null, 2)}\n`);
    process.stdout.write(
      options.json ? `${JSON.stringify(whole)}\n` : `${formatEvaluation(evaluation)}${peer ? formatBeside(peer) : ''}`,
    );
    return evaluation.summary.outcomes.failed > 0 ? 1 : 0;
  } catch (error) {
    if (!isSensoriumError(error)) throw error;
    log(`${error.message}\n${error.hint}`);
    return error.code === 'kit.cancelled' ? 130 : 2;
  } finally {
    await sensorium.close();
  }
}

function progress({ file, outcome }: RowResult, done: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done} of ${total}: ${file} ${outcome}`);
  if (process.stderr.isTTY && done === total) process.stderr.write('\r\u001b[K');
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
