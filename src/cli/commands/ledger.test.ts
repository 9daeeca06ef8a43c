import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULTS } from '#config/schema.ts';
import { lossOf } from '#contract/loss.ts';
import { ledgerOf, mitigationOf, none, spanOf, within } from '#ledger/__fixtures__/ledger.ts';
import type { Sensorium } from '#pipeline/index.ts';
import type { Context, Run } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { addLedger } from './ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'sensorium-ledger-'));
const path = (name: string) => join(folder, name);
const noisy = lossOf({ kind: 'noisy', stage: 'probe', message: 'The recording is noisy.' });
const one = ledgerOf({
  language: 'zh',
  spans: [spanOf()],
  losses: [noisy],
  accuracy: { errorRate: within(0.02, 0.01, 0.04) },
  mitigations: [mitigationOf()],
});
const other = ledgerOf({
  requestId: 'req_2',
  accuracy: { errorRate: { ...none('No profile.'), low: null, high: null } },
});
const heard = {
  ...{ part: 'part-1', kind: 'transcript', text: '请你在家里照顾好他们啊抚着墙', language: 'zh', languageSource: null },
  ...{ durationMs: 1, engine: 'ears', words: [], segments: [] },
};

beforeAll(() => {
  writeFileSync(path('log.jsonl'), `${JSON.stringify(one)}\n${JSON.stringify(other)}\nbroken\n`);
  writeFileSync(path('one.json'), JSON.stringify(one, null, 2));
  writeFileSync(path('other.json'), JSON.stringify(other));
  writeFileSync(path('report.json'), JSON.stringify({ ledger: one, perceptions: [heard] }));
  writeFileSync(path('odd.jsonl'), `${JSON.stringify({ ...one, requestId: '' })}\n`);
  writeFileSync(path('empty.jsonl'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `sensorium ledger …` and gives what it printed and its exit code. */
async function ledger(...args: string[]): Promise<{ out: string; code: unknown }> {
  let out = '';
  let code: unknown;
  const print = (text: string) => {
    out += text;
  };
  const json = args.includes('--json');
  const style = pc.createColors(false);
  const terminal: Terminal = { json, verbose: false, quiet: false, style, live: false, out: print, err: print };
  const loaded = { config: DEFAULTS, home: '', origins: new Map() };
  const sensorium = {} as Sensorium;
  const context: Context = { terminal, loaded, config: DEFAULTS, sensorium, signal: new AbortController().signal };
  const run: Run =
    (work) =>
    async (...given) => {
      code = await work(context, given.at(-2) as never, ...(given.slice(0, -2) as never[]));
    };
  const program = new Command();
  addLedger(program, run);
  await program.parseAsync(['node', 'sensorium', 'ledger', ...args]);
  return { out, code };
}

it('shows the last ledger of a log, or the one that was asked for', async () => {
  expect((await ledger('show', path('log.jsonl'))).out).toContain('req_2');
  const { out } = await ledger('show', path('log.jsonl'), '--id', 'req_1');
  expect(out).toMatch(/^约 1 处可能听错（第 12 字“抚\/扶”音近）/);
  expect(out).toMatch(/accuracy\.errorRate +0\.02 \(0\.01 to 0\.04\) test/);
  expect(out).toMatch(/conversion\.timeUnseen +– {2}Nobody looked\./);
  expect(out).toContain('part-1 11–12  70 %  抚 (扶?)');
  expect(out).toContain('The recording is noisy.');
  expect(out).toContain('correction: applied. 3 of 4 edits accepted.');
});

it('shows it as data and as a page fragment, with the text where it is at hand', async () => {
  expect(JSON.parse((await ledger('show', path('report.json'), '--json')).out)).toEqual(one);
  expect((await ledger('show', path('report.json'), '--html')).out).toMatch(/照顾好他们啊<mark [^>]*>抚<\/mark>着墙/);
  expect((await ledger('show', path('one.json'), '--html')).out).toMatch(/^<section .* lang="zh"/);
});

it('says what differs between two ledgers, and between two logs', async () => {
  const { out } = await ledger('diff', path('one.json'), path('other.json'));
  expect(out).toContain('verdict.level  caution → unknown\n');
  expect(out).toContain('loss.accuracy.errorRate  0.02 → –\n');
  expect(out).toContain('- part-1 11–12 抚 70 %\n');
  expect((await ledger('diff', path('one.json'), path('one.json'))).out).toBe('No difference.\n');
  const { figures } = JSON.parse((await ledger('diff', path('log.jsonl'), path('one.json'), '--json')).out);
  expect(figures).toContainEqual({ name: 'levels.caution', before: 0.5, after: 1 });
  expect(figures).toContainEqual({ name: 'requests', before: 2, after: 1 });
});

it('adds up a log, and counts lines that are none', async () => {
  expect(JSON.parse((await ledger('stats', path('log.jsonl'), '--json')).out)).toMatchObject({
    ...{ requests: 2, badLines: 1, levels: { caution: 1, unknown: 1 }, spans: { total: 1, perMinute: 0.5 } },
    ...{ errorRate: { requests: 1, mean: 0.02, low: null }, losses: { noisy: 1 } },
  });
  const { out } = await ledger('stats', path('log.jsonl'));
  expect(out).toMatch(/^2 requests, 2026/);
  expect(out).toContain('levels      caution 1 (50 %), unknown 1 (50 %)');
  expect(out).toContain('correction: applied 1 time, 3 of 4 edits accepted');
  expect(out).toContain('accuracy.errorRate 1 (50 %) No profile.');
  expect(out).toContain('1 line is no ledger');
});

it('checks every line, and fails where one is no ledger', async () => {
  expect(await ledger('check', path('one.json'))).toEqual({ out: '1 good, 0 bad\n', code: 0 });
  expect(await ledger('check', path('log.jsonl'))).toEqual({ out: '3: is not JSON\n2 good, 1 bad\n', code: 1 });
  const { out, code } = await ledger('check', path('odd.jsonl'), '--json');
  expect(JSON.parse(out)).toEqual({
    good: 0,
    bad: [{ line: 1, problems: [{ path: 'requestId', message: 'is empty' }] }],
  });
  expect(code).toBe(1);
  expect((await ledger('check', path('empty.jsonl'))).code).toBe(1);
});

it.each([
  [['show', path('nowhere.jsonl')], 'media.not-found'],
  [['stats', folder], 'media.not-a-file'],
  [['show', path('empty.jsonl')], 'cli.usage'],
  [['show', path('odd.jsonl')], 'cli.usage'],
  [['show', path('log.jsonl'), '--id', 'req_9'], 'cli.usage'],
  [['show', path('one.json'), '--html', '--json'], 'cli.usage'],
  [['diff', '-', '-'], 'cli.usage'],
])('says what is wrong with %j, and what to do', async (args, code) => {
  await expect(ledger(...args)).rejects.toMatchObject({ code, hint: expect.stringMatching(/\.$/) });
});
