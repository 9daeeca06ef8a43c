import { Counter, Histogram, type Registry } from 'prom-client';
import type { Ledger } from '#contract/ledger.ts';
import { figuresOf } from '#ledger/index.ts';

const SHARES = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const COUNTS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Figures of what requests lost, from their ledgers. Labels are names of the schema only. Losses are counted as they are noted. */
export function ledgerMetrics(registry: Registry): { made(ledger: Ledger): void } {
  const registers = [registry];
  const levels = new Counter({
    name: 'sensorium_ledger_verdicts_total',
    help: 'Ledgers by their verdict: how far the text can be trusted',
    labelNames: ['level'] as const,
    registers,
  });
  const errors = new Histogram({
    name: 'sensorium_ledger_error_rate',
    help: 'Expected share of wrong characters or words, of requests where it was measured',
    buckets: SHARES,
    registers,
  });
  const doubts = new Histogram({
    name: 'sensorium_ledger_doubtful_spans',
    help: 'Doubtful places in a request',
    buckets: COUNTS,
    registers,
  });
  const edits = new Counter({
    name: 'sensorium_ledger_edits_total',
    help: 'Changes to texts that mitigations proposed, and what became of them',
    labelNames: ['mitigation', 'outcome'] as const,
    registers,
  });
  const unmeasured = new Counter({
    name: 'sensorium_ledger_unmeasured_total',
    help: 'Figures that nobody measured, by name',
    labelNames: ['figure'] as const,
    registers,
  });
  return {
    made(ledger) {
      levels.inc({ level: ledger.verdict.level });
      doubts.observe(ledger.spans.length + ledger.spansSummarised);
      for (const { group, name, value } of figuresOf(ledger)) {
        if (value === null) unmeasured.inc({ figure: group === 'request' ? name : `${group}.${name}` });
        else if (name === 'errorRate') errors.observe(value);
      }
      for (const { id, editsProposed, editsAccepted } of ledger.mitigations) {
        if (editsProposed === null || editsAccepted === null) continue;
        edits.inc({ mitigation: id, outcome: 'accepted' }, editsAccepted);
        edits.inc({ mitigation: id, outcome: 'refused' }, Math.max(0, editsProposed - editsAccepted));
      }
    },
  };
}
