import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ledgerOf } from '../__fixtures__/ledger.ts';
import { type Entry, ledgersIn } from './read.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
async function read(text: string, size = 1_000): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of ledgersIn(inPieces(text, size))) entries.push(entry);
  return entries;
}
const said = (entries: readonly Entry[]) =>
  entries.map(({ line, ledger, problems }) => [line, ledger?.requestId ?? problems[0]?.message]);

const ledger = ledgerOf();
const line = JSON.stringify(ledger);

it('reads a log line by line and goes on after what is none', async () => {
  const log = `${line}\n\nnot json\n{"a":1}\n[1]\n${line.slice(0, 90)}\n${line}`;
  expect(said(await read(log))).toEqual([
    [1, 'req_1'],
    [3, 'is not JSON'],
    [4, 'has no ledger in it'],
    [5, 'has no ledger in it'],
    [6, 'is not JSON'],
    [7, 'req_1'],
  ]);
});

it.each([
  ['a ledger over many lines', JSON.stringify(ledger, null, 2)],
  ['a report', JSON.stringify({ requestId: 'x', ledger })],
  ['an answer of the server', JSON.stringify({ sensorium: { ledger } }, null, 2)],
  ['lines of Windows', `${line}\r\n`],
])('reads %s', async (_, text) => {
  expect(said(await read(text))).toEqual([[1, 'req_1']]);
});

it('says of a ledger with something wrong what it is', async () => {
  const [entry] = await read(JSON.stringify({ ...ledger, requestId: '' }));
  expect(entry?.problems).toEqual([{ path: 'requestId', message: 'is empty' }]);
  const [other] = await read(JSON.stringify({ ...ledger, schema: 'loss-ledger/9' }));
  expect(other?.problems[0]?.path).toBe('schema');
});

it('keeps no line that is longer than any ledger', async () => {
  async function* endless() {
    for (let n = 0; n < 40; n++) yield 'x'.repeat(2 ** 20);
    yield `\n${line}\n`;
  }
  const entries: Entry[] = [];
  for await (const entry of ledgersIn(endless())) entries.push(entry);
  expect(said(entries)).toEqual([
    [1, 'is longer than any ledger'],
    [2, 'req_1'],
  ]);
});

it('takes any text in any pieces and never throws', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('{', '}', '\n', '"', line, '{"ledger":{}}', ' ')),
      fc.nat(50),
      async (parts, size) => {
        const text = parts.join('');
        expect(await read(text, size + 1)).toEqual(await read(text, 1e6));
      },
    ),
    { numRuns: 50 },
  );
});
