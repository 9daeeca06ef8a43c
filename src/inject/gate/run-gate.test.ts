import { describe, expect, it } from 'vitest';
import { GateReport } from '#contract/gate.ts';
import { componentOf, tableModel } from './__fixtures__/table-model.ts';
import { gateProbes } from './items.ts';
import { type GateOptions, runGate } from './run-gate.ts';

const signal = new AbortController().signal;
const items = gateProbes('en');
const run = async (
  options: Parameters<typeof tableModel>[0],
  change?: Parameters<typeof componentOf>[1],
  more: Partial<GateOptions> & { manifest?: Parameters<typeof componentOf>[2]; items?: typeof items } = {},
) => {
  const model = tableModel(options);
  const report = await runGate(await componentOf(model, change, more.manifest), model, more.items ?? items, {
    signal,
    ...more,
  });
  const found = (check: string) => report.checks.find((one) => one.check === check);
  return { report: GateReport.parse(report), found, outcomes: report.checks.map(({ outcome }) => outcome), model };
};

describe('the gate', () => {
  it('lets own rows through as good as text, every check made', async () => {
    const { report, outcomes } = await run({});
    expect(outcomes).toEqual(['passed', 'passed', 'passed', 'passed', 'passed', 'passed', 'passed']);
    expect(report).toMatchObject({ grade: 'text-equivalent', items: 64, fallback: 'text' });
    expect(report.information).toMatchObject({ value: 1, low: 1, high: 1, reason: null });
    expect(report.againstText.value).toBe(0);
    expect(report.t).toBeGreaterThan(5);
  });

  it('refuses rows of other tokens by behaviour alone, and stops reading early', async () => {
    const model = tableModel();
    const other = async (values: Float32Array, text: string) => {
      const tokens = await model.tokenize(text, signal);
      return (
        (await model.rows?.(
          tokens.map((token) => (token + 101) % 512),
          signal,
        )) ?? values
      );
    };
    const { report, found } = await run({}, other);
    expect(report.grade).toBe('refused');
    expect(found('drift')?.outcome).toBe('passed');
    expect(found('behaviour')).toMatchObject({ outcome: 'refused', code: 'EMB_NO_INFORMATION' });
    expect(found('behaviour')?.message).toContain('What is left could not change it');
    expect(found('usefulness')?.outcome).toBe('not-run');
    expect(report.items).toBeLessThan(32);
  });

  it('refuses a component of another width before anything is computed', async () => {
    const target = await tableModel({ width: 16 }).fingerprint(signal);
    const { report, found, model } = await run({}, undefined, { manifest: { target } });
    expect(found('identity')?.code).toBe('EMB_WIDTH');
    expect(report.grade).toBe('refused');
    expect(model.calls.scored).toBe(0);
  });

  it('refuses broken numbers wherever they come', async () => {
    let made = 0;
    const late = (values: Float32Array) => {
      made += 1;
      return made > 20 ? values.fill(Number.NaN, 3, 4) : values;
    };
    const { report, found } = await run({}, late);
    expect(report.grade).toBe('refused');
    expect(found('wire')).toMatchObject({ outcome: 'refused', code: 'EMB_NOT_FINITE', measured: 'row 0 has NaN' });
    expect(found('behaviour')?.outcome).toBe('not-run');
  });

  it('refuses what is far too loud, and says how far', async () => {
    const { found } = await run({}, (values) => values.map((value) => value * 100));
    expect(found('drift')).toMatchObject({ outcome: 'refused', code: 'EMB_OUT_OF_RANGE' });
    expect(found('drift')?.value).toBeGreaterThan(80);
  });

  it('refuses too few items', async () => {
    const { report, found } = await run({}, undefined, { items: items.slice(0, 15) });
    expect(found('behaviour')?.code).toBe('EMB_TOO_FEW_ITEMS');
    expect(report.information).toMatchObject({ value: null, low: null });
  });

  it('says of vectors that lose a word in four that text is better, and grades them lower', async () => {
    const some = (values: Float32Array) =>
      values.map((value, at) => (Math.floor(at / 32) % 4 === 3 ? 0.5 - (at % 7) / 7 : value));
    const { report, found } = await run({}, some, { skip: ['drift'] });
    expect(found('behaviour')?.outcome).toBe('passed');
    expect(found('usefulness')).toMatchObject({ outcome: 'warned', code: 'EMB_WORSE_THAN_TEXT' });
    expect(report.grade).toMatch(/experimental|usable/);
    expect(report.againstText.high).toBeLessThan(0);
  });

  it('asks for more where a calibration found that useless vectors reach it', async () => {
    const some = (values: Float32Array) =>
      values.map((value, at) => (Math.floor(at / 32) % 4 === 3 ? 0.5 - (at % 7) / 7 : value));
    const calibration = {
      ...{ date: '2026-11-26', negatives: 1, positives: 1, negativesRefused: 1, positivesAccepted: 1, roc: [] },
      threshold: 0.97,
    };
    const { report, found } = await run({}, some, { skip: ['drift'], manifest: { calibration } });
    expect(found('behaviour')).toMatchObject({ outcome: 'refused', threshold: expect.stringContaining('0.97') });
    expect(report).toMatchObject({ grade: 'refused', calibration });
  });

  it('counts what the text route itself loses', async () => {
    const worse = items.map((item) => ({ ...item, routeText: item.reference.split(' ').reverse().join(' ') }));
    const { report, found } = await run({}, undefined, { items: worse });
    expect(found('usefulness')?.outcome).toBe('passed');
    expect(report.againstText.low).toBeGreaterThan(0.1);
  });

  it('makes do with what a server shows', async () => {
    const { found } = await run({ remote: true });
    expect(found('round-trip')?.outcome).toBe('passed');
    expect(found('round-trip')?.measured).toContain('of 32');
    // A model that does not know letters recognises nothing, by vectors or by text.
    expect(found('behaviour')?.code).toBe('EMB_NO_INFORMATION');
  });

  it('stops when it is cancelled', async () => {
    const stop = new AbortController();
    const model = tableModel();
    const running = runGate(await componentOf(model), model, items, {
      signal: stop.signal,
      onProgress: ({ check, done }) => check === 'behaviour' && done === 3 && stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(model.calls.scored).toBeLessThan(40);
  });
});
