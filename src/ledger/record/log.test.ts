import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ledgerOf, spanOf } from '../__fixtures__/ledger.ts';
import { openLedgerLog } from './log.ts';
import { type Entry, ledgersIn } from './read.ts';

const folder = mkdtempSync(join(tmpdir(), 'sensorium-ledger-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fail = (problem: Error) => {
  throw problem;
};
async function read(path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of ledgersIn(createReadStream(path, 'utf8'))) entries.push(entry);
  return entries;
}

it('writes one line for each ledger, without words unless asked, for the owner alone', async () => {
  const ledger = ledgerOf({ spans: [spanOf()] });
  const [bare, whole] = [join(folder, 'new', 'bare.jsonl'), join(folder, 'whole.jsonl')];
  const log = openLedgerLog({ path: bare, text: false, onTrouble: fail });
  await Promise.all([log.append(ledger), log.append(ledger)]);
  await openLedgerLog({ path: whole, text: true, onTrouble: fail }).append(ledger);
  expect(readFileSync(bare, 'utf8')).not.toContain('抚');
  expect(statSync(bare).mode & 0o777).toBe(0o600);
  expect((await read(bare)).map((entry) => entry.ledger?.requestId)).toEqual(['req_1', 'req_1']);
  expect((await read(whole)).map((entry) => entry.ledger)).toEqual([ledger]);
});

it('lets several processes write to one file', async () => {
  const path = join(folder, 'shared.jsonl');
  const script = new URL('../__fixtures__/append.ts', import.meta.url).pathname;
  const children = [1, 2, 3].map((n) =>
    fork(script, [path, `child-${n}`, '40'], { execArgv: ['--conditions=sensorium-source', '--import', 'tsx'] }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0]);
  const entries = await read(path);
  expect(entries).toHaveLength(120);
  expect(entries.filter(({ problems }) => problems.length > 0)).toEqual([]);
}, 20_000);

it('tells once that it cannot be written, and never throws', async () => {
  const told: string[] = [];
  const broken = openLedgerLog({
    ...{ path: '/dev/null/nowhere.jsonl', text: false },
    onTrouble: ({ code }) => void told.push(code ?? ''),
  });
  await broken.append(ledgerOf());
  await broken.append(ledgerOf());
  expect(told).toHaveLength(1);
});

it.runIf(existsSync('/dev/full'))('survives a disk that is full', async () => {
  const path = join(folder, 'full.jsonl');
  symlinkSync('/dev/full', path);
  const told: string[] = [];
  const log = openLedgerLog({ path, text: false, onTrouble: ({ code }) => void told.push(code ?? '') });
  await log.append(ledgerOf());
  await log.append(ledgerOf());
  expect(told).toEqual(['ENOSPC']);
  rmSync(path);
  await log.append(ledgerOf());
  expect(await read(path)).toHaveLength(1);
});
