import { expect, it } from 'vitest';
import { lossOf } from '#contract/loss.ts';
import { found, ledgerOf, mitigationOf, none, spanOf, within } from '../__fixtures__/ledger.ts';
import { compareLedgers } from './compare.ts';
import { ledgerStats } from './stats.ts';

const noisy = lossOf({ kind: 'noisy', stage: 'probe', message: 'x' });

it('adds up requests, levels, errors, places a minute, losses, edits, and what nobody measured', () => {
  const stats = ledgerStats();
  stats.add(
    ledgerOf({ accuracy: { errorRate: within(0.02, 0, 0.1) }, spans: [spanOf(), spanOf()], spansSummarised: 4 }),
  );
  stats.add(
    ledgerOf({
      accuracy: { errorRate: within(0.06, 0, 0.1) },
      losses: [noisy, noisy],
      createdAt: '2026-01-01T00:00:00Z',
    }),
  );
  stats.add(
    ledgerOf({
      mitigations: [mitigationOf(), mitigationOf({ applied: false, editsAccepted: null, editsProposed: null })],
      accuracy: { errorRate: { ...none('No profile.'), low: null, high: null } },
    }),
  );
  const result = stats.result();
  expect(result).toMatchObject({
    requests: 3,
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-02T03:04:05.000Z',
    levels: { caution: 2, unknown: 1 },
    routes: { text: 3 },
    minutes: 3,
    spans: { total: 6, perMinute: 2 },
    losses: { noisy: 2 },
    mitigations: { correction: { applied: 1, proposed: 4, accepted: 3 } },
  });
  expect(result.unmeasured['accuracy.errorRate']).toEqual({ count: 1, reason: 'No profile.' });
  expect(result.unmeasured.impact?.count).toBe(3);
  // By hand: mean 0.04, deviation 0.02828, half the interval 1.96 × 0.02828 / √2.
  expect(result.errorRate).toMatchObject({
    requests: 2,
    mean: expect.closeTo(0.04, 9),
    high: expect.closeTo(0.0792, 6),
  });
  expect(result.errorRate.low).toBeCloseTo(0.0008, 6);
});

it('says of nothing that it is nothing', () => {
  expect(ledgerStats().result()).toMatchObject({
    ...{ requests: 0, from: null, spans: { total: 0, perMinute: null } },
    errorRate: { requests: 0, mean: null, low: null, high: null },
  });
});

it('tells which figures changed and which places came, went and are likelier', () => {
  const before = ledgerOf({ spans: [spanOf(), spanOf({ start: 20, end: 21 })], losses: [noisy] });
  const after = ledgerOf({
    spans: [spanOf({ pError: 0.9 }), spanOf({ start: 40, end: 41 })],
    conversion: { emotion: none(), prosody: found(3) },
    mitigations: [mitigationOf()],
  });
  const difference = compareLedgers(before, after);
  expect(difference.figures).toEqual([
    { name: 'loss.conversion.prosody', before: 0, after: 3 },
    { name: 'loss.conversion.emotion', before: 0, after: null },
    { name: 'losses.noisy', before: 1, after: null },
    { name: 'mitigations.correction.editsProposed', before: null, after: 4 },
    { name: 'mitigations.correction.editsAccepted', before: null, after: 3 },
  ]);
  expect(difference.spansGone.map(({ start }) => start)).toEqual([20]);
  expect(difference.spansCome.map(({ start }) => start)).toEqual([40]);
  expect(difference.spansChanged.map((pair) => [pair.before.pError, pair.after.pError])).toEqual([[0.7, 0.9]]);
  expect(compareLedgers(before, before)).toEqual({ figures: [], spansGone: [], spansCome: [], spansChanged: [] });
});
