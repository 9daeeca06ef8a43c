import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Ledger } from '#contract/ledger.ts';
import { type Changes, found, ledgerOf, mitigationOf, none, spanOf, within } from '../__fixtures__/ledger.ts';
import { validateLedger } from './validate.ts';

it('finds nothing wrong with a ledger', () => {
  expect(validateLedger(ledgerOf())).toEqual([]);
  const spans = [spanOf(), spanOf({ start: 20, end: 22, text: '扶墙' }), spanOf({ part: 'part-2', start: 0, end: 1 })];
  expect(validateLedger(ledgerOf({ spans }))).toEqual([]);
});

const span = (more: Partial<ReturnType<typeof spanOf>>): Changes => ({ spans: [spanOf(more)] });

it.each<[string, Changes, string]>([
  ['loss.accuracy.deletedChars', { accuracy: { deletedChars: { ...none(), reason: null } } }, 'nor a reason'],
  ['loss.accuracy.deletedChars', { accuracy: { deletedChars: { ...found(1), source: '' } } }, 'no source'],
  ['loss.accuracy.deletedChars', { accuracy: { deletedChars: { ...found(1), reason: 'x' } } }, 'a value and a reason'],
  ['loss.accuracy.deletedChars', { accuracy: { deletedChars: found(-1) } }, '0 or more'],
  ['loss.accuracy.readers', { accuracy: { readers: found(1.2) } }, 'between 0 and 1'],
  ['loss.conversion.timeUnseen', { conversion: { timeUnseen: found(3) } }, 'between 0 and 1'],
  ['impact', { impact: found(2) }, 'between 0 and 1'],
  ['loss.accuracy.errorRate', { accuracy: { errorRate: within(0.5, 0.6, 0.7) } }, 'in its interval'],
  ['loss.accuracy.errorRate', { accuracy: { errorRate: within(0.5, 0.1, 0.4) } }, 'in its interval'],
  ['loss.accuracy.errorRate', { accuracy: { errorRate: within(0.5, 0.1, 1.4) } }, 'between 0 and 1'],
  ['loss.accuracy.errorRate', { accuracy: { errorRate: within(0.5, 0.1, null) } }, 'one end'],
  ['loss.accuracy.errorRate', { accuracy: { errorRate: { ...none(), low: 0, high: 1 } } }, 'no value'],
  ['mitigations.0.errorRateBefore', { mitigations: [mitigationOf({ errorRateBefore: found(7) })] }, 'between 0 and 1'],
  ['mitigations.0', { mitigations: [mitigationOf({ editsAccepted: 9 })] }, 'more edits'],
  ['mitigations.0', { mitigations: [mitigationOf({ applied: false })] }, 'not applied'],
  ['spans.0', span({ start: 12, end: 11, text: null }), 'ends before'],
  ['spans.0', span({ text: '抚摸' }), '1 code points'],
  ['spans.0', span({ time: { startMs: 2, endMs: 1 } }), 'time ends'],
  ['spans.0', span({ alternatives: [{ text: 'x', p: 2, by: 'y' }] }), 'alternative'],
  ['spans.1', { spans: [spanOf(), spanOf({ start: 3, end: 4 })] }, 'before the span before'],
  ['spans.2', { spans: [spanOf(), spanOf({ part: 'part-2' }), spanOf()] }, 'was left'],
  ['spans', { spans: Array.from({ length: 201 }, () => spanOf()) }, 'more than 200'],
  ['spansSummarised', { spansSummarised: 1 }, 'fewer than 200'],
  ['requestId', { requestId: '' }, 'empty'],
  ['createdAt', { createdAt: 'yesterday' }, 'datetime'],
])('says where and what: %s', (path, changes, message) => {
  expect(validateLedger(ledgerOf(changes))).toContainEqual({ path, message: expect.stringContaining(message) });
});

it('holds a calibrated span against the profile, and the headline to one line', () => {
  const ledger = ledgerOf({ spans: [spanOf()] });
  const calibration: Ledger['calibration'] = { ...ledger.calibration, profile: 'none', reason: null };
  const verdict = { ...ledger.verdict, headline: 'One.\nTwo.' };
  expect(validateLedger({ ...ledger, calibration, verdict }).map(({ path }) => path)).toEqual([
    'spans.0',
    'verdict.headline',
    'calibration',
  ]);
});

it('takes anything, and never throws', () => {
  fc.assert(fc.property(fc.anything(), (value) => validateLedger(value).length > 0));
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(ledgerOf())), fc.jsonValue(), (key, value) => {
      expect(validateLedger({ ...ledgerOf(), [key]: value }).length).toBeLessThanOrEqual(100);
    }),
  );
});
