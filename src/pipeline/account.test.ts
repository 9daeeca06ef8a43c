import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '#kit/temporary.ts';
import { openLedgerLog } from '#ledger/index.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { eventsOf, partsWith } from './__fixtures__/parts.ts';
import { perceiveOne } from './perceive-one.ts';
import { tone } from './tiny-media.ts';

it('writes the ledger of a request down, without what was said', async () => {
  const folder = await temporaryFolder();
  try {
    const path = join(folder.path, 'ledger.jsonl');
    const log = openLedgerLog({ path, text: false, onTrouble: (problem) => expect.fail(problem.message) });
    const parts = partsWith(fakeRecogniser(['paris']), { ledgerLog: log });
    const media = { kind: 'bytes', bytes: tone(2), name: 'question.wav' } as const;
    const events = await eventsOf(perceiveOne({ media }, parts));
    const told = events.find((event) => event.kind === 'ledger-made');
    const [line = '', ...more] = readFileSync(path, 'utf8').split('\n');
    expect(more).toEqual(['']);
    expect(JSON.parse(line).requestId).toBe(told?.kind === 'ledger-made' && told.ledger.requestId);
    expect(line).not.toContain('paris');
    expect(JSON.stringify(events)).toContain('paris');
  } finally {
    await folder.close();
  }
});

it('fails when the profile that was named cannot be read', async () => {
  const parts = partsWith(fakeRecogniser(['paris']), { profile: () => Promise.reject(new Error('no such file')) });
  const media = { kind: 'bytes', bytes: tone(2), name: 'question.wav' } as const;
  await expect(eventsOf(perceiveOne({ media }, parts))).rejects.toThrow('no such file');
});

it('says it in the language that is spoken, where nobody asked for another', async () => {
  const media = { kind: 'bytes', bytes: tone(2), name: 'question.wav' } as const;
  const headline = async (language?: string) => {
    const events = await eventsOf(perceiveOne({ media, language }, partsWith(fakeRecogniser(['巴黎']))));
    const told = events.find((event) => event.kind === 'ledger-made');
    return told?.kind === 'ledger-made' ? told.ledger.verdict.headline : '';
  };
  expect(await headline('zh-CN')).toMatch(/\p{Script=Han}/u);
  expect(await headline('en')).not.toMatch(/\p{Script=Han}/u);
});
