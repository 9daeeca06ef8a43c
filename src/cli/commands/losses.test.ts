import { Command } from 'commander';
import pc from 'picocolors';
import { expect, it } from 'vitest';
import { DEFAULTS } from '#config/schema.ts';
import type { PipelineEvent } from '#contract/events.ts';
import { lossOf } from '#contract/loss.ts';
import { ledgerOf, spanOf } from '#ledger/__fixtures__/ledger.ts';
import type { Sensorium } from '#pipeline/index.ts';
import type { Context, Run } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { addHear } from './hear.ts';
import { addPerceive } from './perceive.ts';
import { addSay } from './say.ts';

const loss = lossOf({ kind: 'noisy', stage: 'probe', message: 'The recording is noisy.' });
const ledger = ledgerOf({ losses: [loss], spans: [spanOf({ start: 1, end: 3, text: 'el', alternatives: [] })] });
const transcript = { text: 'hello', durationMs: 1, engine: 'x', words: [], segments: [] };
const perception = { part: 'part-1', kind: 'transcript', language: null, languageSource: null, ...transcript } as const;

async function* story(): AsyncGenerator<PipelineEvent> {
  yield { kind: 'ledger-made', ledger };
  yield { kind: 'loss-noted', loss };
  yield { kind: 'part-perceived', perception };
  yield { kind: 'speech-chunk', pcm: new Float32Array(8), sampleRateHz: 8_000 };
  yield { kind: 'speech-end', durationMs: 1 };
}

/** Runs a command as the command line does, with a story of its own; gives what it printed. */
async function printedBy(...args: string[]): Promise<string> {
  let printed = '';
  const print = (text: string) => {
    printed += text;
  };
  const style = pc.createColors(false);
  const json = args.includes('--json');
  const terminal: Terminal = { json, verbose: false, quiet: false, style, live: false, out: print, err: print };
  const sensorium = { perceive: story, say: story } as Partial<Sensorium> as Sensorium;
  const loaded = { config: DEFAULTS, home: '', origins: new Map() };
  const context: Context = { terminal, loaded, config: DEFAULTS, sensorium, signal: new AbortController().signal };
  const run: Run =
    (work) =>
    async (...given) => {
      await work(context, given.at(-2) as never, ...(given.slice(0, -2) as never[]));
    };
  const program = new Command();
  addHear(program, run);
  addPerceive(program, run);
  addSay(program, run);
  await program.parseAsync(['node', 'sensorium', ...args]);
  return printed;
}

it.each([
  [['hear', 'x.wav']],
  [['hear', 'x.wav', '--json']],
  [['hear', 'x.wav', '--format', 'srt']],
  [['see', 'x.png']],
  [['read', 'x.pdf', '--json']],
  [['watch', 'x.mp4']],
  [['say', 'Hello.', '--out', '/dev/null']],
  [['say', 'Hello.', '--out', '/dev/null', '--json']],
  [['say', 'Hello.', '--out', '-']],
])('`sensorium %j` tells what was lost', async (args) => {
  const write = process.stdout.write;
  const silent = (_bytes: unknown, ...more: unknown[]) => {
    const done = more.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  // Sound on standard output would be no pretty sight in a report of tests.
  if (args.includes('-')) process.stdout.write = silent as typeof write;
  try {
    expect(await printedBy(...args)).toContain(loss.message);
  } finally {
    process.stdout.write = write;
  }
});

it.each([
  ['hear', 'x.wav'],
  ['see', 'x.png'],
  ['read', 'x.pdf'],
])('`sensorium %s` says it in one sentence, and with --json gives the ledger', async (...args) => {
  expect(await printedBy(...args)).toContain(`Lost    ${ledger.verdict.headline} (caution)`);
  expect(JSON.parse(await printedBy(...args, '--json')).ledger).toEqual(ledger);
});

it('`sensorium hear` marks the places that the ledger doubts', async () => {
  expect(await printedBy('hear', 'x.wav')).toMatch(/^hel\[\?\]lo\n/);
});
