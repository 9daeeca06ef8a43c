import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { GateReport } from '#contract/gate.ts';
import { gateLine, gateText } from './gate-report.ts';

const style = pc.createColors(false);
const report: GateReport = {
  schema: 'embedding-gate/1',
  createdAt: '2026-11-26T10:20:30.000Z',
  component: './mine',
  model: 'smollm2-135m-instruct',
  fingerprint: null,
  checks: [
    {
      ...{ check: 'identity', outcome: 'passed', code: null, value: null, measured: 'same table' },
      ...{ threshold: 'same tokenizer and table', message: 'Made for this model.', remedy: null },
    },
    {
      ...{ check: 'behaviour', outcome: 'refused', code: 'EMB_NO_INFORMATION', value: 0.04 },
      ...{ measured: 't 1.7, information 0.04 [-0.01, 0.08] over 9 of 64 items', threshold: 't ≥ 5' },
      ...{ message: 'The model reads these vectors as noise.', remedy: 'Fit it for this model.' },
    },
    {
      ...{ check: 'usefulness', outcome: 'not-run', code: null, value: null, measured: null },
      ...{ threshold: null, message: 'Not looked at: it is refused already.', remedy: null },
    },
  ],
  items: 9,
  t: 1.7,
  information: { value: 0.04, low: -0.01, high: 0.08, source: 'gain', reason: null },
  againstText: { value: null, low: null, high: null, source: null, reason: 'refused' },
  grade: 'refused',
  fallback: 'text',
  calibration: null,
};

describe('a report of the gate', () => {
  it('shows each check with code, figure, threshold and remedy, and the grade at the end', () => {
    expect(gateText(report, { style })).toBe(`./mine before smollm2-135m-instruct
✓ identity    Made for this model.
              same table (same tokenizer and table)
✗ behaviour   EMB_NO_INFORMATION: The model reads these vectors as noise.
              t 1.7, information 0.04 [-0.01, 0.08] over 9 of 64 items (t ≥ 5)
              → Fit it for this model.
– usefulness  Not looked at: it is refused already.

Grade: refused: the text route is taken, 0.04 [-0.01, 0.08] of what text tells
`);
  });

  it('is a line in a list', () => {
    expect(gateLine(report)).toBe(
      '2026-11-26 10:20  ./mine before smollm2-135m-instruct: refused (EMB_NO_INFORMATION), 0.04 [-0.01, 0.08] of what text tells\n',
    );
  });
});
