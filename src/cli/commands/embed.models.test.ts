import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { afterAll, expect, it } from 'vitest';
import { DEFAULTS } from '#config/schema.ts';
import type { Sensorium } from '#pipeline/index.ts';
import { installedVersion } from '#runtime/optional.ts';
import { writeTinyModels } from '../../ask/dialects/local-mtmd/__fixtures__/tiny-gguf.ts';
import type { Context, Run } from '../run.ts';
import { addEmbed } from './embed.ts';

const folder = mkdtempSync(join(tmpdir(), 'embed-fit-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { model } = writeTinyModels(folder);
const missing = (['koffi', 'node-llama-cpp'] as const).filter((name) => installedVersion(name) === null);
if (missing.length > 0) console.log(`embed fit: skipped, ${missing.join(', ')} is not here.`);

/** Runs the command as the command line does; gives what it printed to standard output. */
async function printedBy(...args: string[]): Promise<string> {
  let printed = '';
  const out = (text: string) => {
    printed += text;
  };
  const json = args.includes('--json');
  const terminal = {
    json,
    verbose: false,
    quiet: false,
    style: pc.createColors(false),
    live: false,
    out,
    err: () => {},
  };
  const loaded = { config: DEFAULTS, home: folder, origins: new Map() };
  const sensorium = {} as Sensorium;
  const context: Context = { terminal, loaded, config: DEFAULTS, sensorium, signal: new AbortController().signal };
  const run: Run =
    (work) =>
    async (...given) =>
      void (await work(context, given.at(-2) as never, ...(given.slice(0, -2) as never[])));
  const program = new Command().exitOverride();
  addEmbed(program, run);
  await program.parseAsync(['embed', 'fit', ...args], { from: 'user' });
  return printed;
}

it('wants one thing to fit on', async () => {
  await expect(printedBy('--model', model, '--out', folder)).rejects.toMatchObject({ code: 'cli.usage' });
  const both = ['--pairs', 'x', '--from', model];
  await expect(printedBy(...both, '--model', model, '--out', folder)).rejects.toMatchObject({ code: 'cli.usage' });
});

it.skipIf(missing.length > 0)('fits on pairs in a file, says how good that is, and writes a component', async () => {
  const pairs = join(folder, 'pairs.jsonl');
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ'];
  const line = (text: string, at: number) => ({
    vectors: letters.slice(0, 8).map((_, place) => (at >> place) % 2),
    text,
  });
  writeFileSync(pairs, letters.map((text, at) => JSON.stringify(line(text, at))).join('\n'));
  const out = join(folder, 'mine');
  const fit = ['--pairs', pairs, '--encoder', 'bits', '--model', model, '--out', out];
  const told = JSON.parse(await printedBy(...fit, '--json'));
  expect(told).toMatchObject({ folder: out, fittedOn: 29, heldOut: { pairs: 7, of: 'tokens' } });
  expect(told.manifest).toMatchObject({ kind: 'connector', id: 'mine', encoder: { name: 'bits' } });
  expect(JSON.parse(readFileSync(join(out, 'component.json'), 'utf8')).target.sketch).toHaveLength(64);
  expect(await printedBy(...fit, '--method', 'procrustes')).toMatch(
    /fitted on 29 pairs in .* by procrustes\non 7 other pairs .*\nWhether .*sensorium gate check --component/,
  );
});
