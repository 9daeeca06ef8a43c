import { expect, it } from 'vitest';
import type { Report } from '#contract/report.ts';
import { ledgerOf, mitigationOf, none, spanOf, within } from '#ledger/__fixtures__/ledger.ts';
import { openMetrics } from './metrics.ts';

const open = () => openMetrics({ running: 0, bodiesBytes: 0 });
const line = (text: string, name: string) => text.split('\n').filter((one) => one.startsWith(name));

it('adds up the ledgers of answers and of what was only perceived', async () => {
  const metrics = open();
  const ledger = ledgerOf({
    ...{ spans: [spanOf(), spanOf()], spansSummarised: 1 },
    accuracy: { errorRate: within(0.03, 0, 0.1) },
    mitigations: [mitigationOf(), mitigationOf({ id: 'verbatim', editsProposed: null, editsAccepted: null })],
  });
  const blind = ledgerOf({ accuracy: { errorRate: { ...none(), low: null, high: null } } });
  const report = { ledger, answer: { usage: null }, timings: { firstTokenMs: null, firstAudioMs: null } };
  metrics.happened({ kind: 'report-made', report: report as Report });
  metrics.happened({ kind: 'ledger-made', ledger: blind });
  const text = await metrics.text();
  expect(line(text, 'sensorium_ledger_verdicts_total')).toEqual([
    'sensorium_ledger_verdicts_total{level="caution"} 1',
    'sensorium_ledger_verdicts_total{level="unknown"} 1',
  ]);
  expect(line(text, 'sensorium_ledger_error_rate_')).toContain('sensorium_ledger_error_rate_count 1');
  expect(line(text, 'sensorium_ledger_error_rate_sum')).toEqual(['sensorium_ledger_error_rate_sum 0.03']);
  expect(line(text, 'sensorium_ledger_doubtful_spans_sum')).toEqual(['sensorium_ledger_doubtful_spans_sum 3']);
  expect(line(text, 'sensorium_ledger_edits_total')).toEqual([
    'sensorium_ledger_edits_total{mitigation="correction",outcome="accepted"} 3',
    'sensorium_ledger_edits_total{mitigation="correction",outcome="refused"} 1',
  ]);
  expect(text).toContain('sensorium_ledger_unmeasured_total{figure="accuracy.errorRate"} 1');
});

it('has no label that holds a word of the user', async () => {
  const metrics = open();
  metrics.happened({ kind: 'ledger-made', ledger: ledgerOf({ language: 'zh', spans: [spanOf()] }) });
  expect(await metrics.text()).not.toMatch(/\p{Script=Han}/u);
});
