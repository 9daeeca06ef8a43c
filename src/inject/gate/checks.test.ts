import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelFingerprint, PromptVectors } from '#contract/prompt-vectors.ts';
import { tableModel } from './__fixtures__/table-model.ts';
import { checkDrift, driftReference } from './check-drift.ts';
import { checkIdentity } from './check-identity.ts';
import { checkRoundTrip } from './check-round-trip.ts';
import { checkServer } from './check-server.ts';
import { checkWire } from './check-wire.ts';
import { checkLive, checkRequest, sameModel } from './live.ts';

const signal = new AbortController().signal;
const fingerprint = await tableModel().fingerprint(signal);
const vectors = (rows: number, width: number, values = new Float32Array(rows * width).fill(0.5)): PromptVectors => ({
  ...{ part: 'p', rows, width, values, surrogate: 's', sha256: '0'.repeat(64), component: null },
});

describe('the server', () => {
  it.each([
    ['unsupported', 'EMB_SERVER_UNSUPPORTED'],
    ['flag-off', 'EMB_SERVER_FLAG_OFF'],
    ['unsafe-version', 'EMB_SERVER_UNSAFE_VERSION'],
  ] as const)('%s is refused with %s and a remedy', (outcome, code) => {
    const check = checkServer({ outcome, version: '0.10.2', message: 'so it is' });
    expect(check).toMatchObject({ outcome: 'refused', code, measured: '0.10.2' });
    expect(check.remedy?.length).toBeGreaterThan(20);
  });

  it('that takes vectors passes', () => {
    expect(checkServer({ outcome: 'accepted', version: null, message: 'yes' }).outcome).toBe('passed');
  });
});

describe('the wire', () => {
  it.each([
    ['another width', vectors(2, 8), 'EMB_WIDTH'],
    ['no rows', vectors(0, 32), 'EMB_SHAPE'],
    ['half a row', vectors(2, 32, new Float32Array(40)), 'EMB_SHAPE'],
    ['too many rows', vectors(20_000, 32, new Float32Array(640_000)), 'EMB_TOO_LARGE'],
    ['a number that is none', vectors(3, 32, new Float32Array(96).fill(Number.NaN, 70, 71)), 'EMB_NOT_FINITE'],
    ['an infinite number', vectors(3, 32, new Float32Array(96).fill(Number.POSITIVE_INFINITY, 0, 1)), 'EMB_NOT_FINITE'],
  ])('refuses %s', (_what, given, code) => {
    expect(checkWire(given, { width: 32 })).toMatchObject({ outcome: 'refused', code });
  });

  it('refuses what does not fit into the context that is left', () => {
    expect(checkWire(vectors(11, 32), { width: 32, roomTokens: 10 }).code).toBe('EMB_TOO_LARGE');
    expect(checkWire(vectors(10, 32), { width: 32, roomTokens: 10 }).outcome).toBe('passed');
  });

  it('finds a bad number wherever it is, and names its row', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        fc.constantFrom(Number.NaN, -Infinity),
        (rows, place, bad) => {
          const values = new Float32Array(rows * 32).fill(1);
          const at = place % values.length;
          values[at] = bad;
          expect(checkWire(vectors(rows, 32, values), { width: 32 }).value).toBe(Math.floor(at / 32));
        },
      ),
    );
  });
});

describe('identity', () => {
  const other = (change: Partial<ModelFingerprint>) => checkIdentity({ ...fingerprint, ...change }, fingerprint);
  const rounded = fingerprint.sketch?.map((row) => row.map((value) => Math.round(value * 64) / 64)) ?? null;
  const coarse = fingerprint.sketch?.map((row) => row.map((value) => Math.round(value * 2) / 2)) ?? null;

  it.each([
    ['the same model', {}, 'passed', null],
    ['the same table in 8 bits', { tableSha256: 'a'.repeat(64), sketch: rounded }, 'passed', null],
    ['the same table in 2 bits', { tableSha256: 'a'.repeat(64), sketch: coarse }, 'refused', 'EMB_TABLE_MISMATCH'],
    ['another table, no sketch', { tableSha256: 'a'.repeat(64), sketch: null }, 'refused', 'EMB_TABLE_MISMATCH'],
    ['another tokenizer', { tokenizerSha256: '2'.repeat(64) }, 'refused', 'EMB_TOKENIZER_MISMATCH'],
    ['another width', { width: 768 }, 'refused', 'EMB_WIDTH'],
    ['another scale', { scale: 16 }, 'refused', 'EMB_SCALE_RULE'],
    ['nothing to see', { tokenizerSha256: null, tableSha256: null, sketch: null }, 'not-run', null],
  ] as const)('%s', (_what, change, outcome, code) => {
    expect(other(change as Partial<ModelFingerprint>)).toMatchObject({ outcome, code });
  });
});

describe('the round trip', () => {
  const texts = ['The quick brown fox jumps over it.', '今天下午三点开会。', 'one two three four five six'];
  const run = async (options: Parameters<typeof tableModel>[0]) => {
    const model = tableModel(options);
    return checkRoundTrip(model, await model.fingerprint(signal), { signal, texts });
  };

  it.each([
    ['an exact engine', {}, 'passed', null, /Exact/],
    ['a model that scales and says so', { scale: 8 }, 'passed', null, /Exact/],
    ['an engine with noise, within it', { cutNoise: 0.01, vectorNoise: 0.01 }, 'passed', null, /noise/],
    [
      'noise beyond the engine’s own',
      { cutNoise: 0.001, vectorNoise: 0.4 },
      'refused',
      'EMB_ROUNDTRIP',
      /not a known one/,
    ],
    [
      'a model that scales and does not say so',
      { scale: Math.sqrt(32), saidScale: 1 },
      'refused',
      'EMB_SCALE_RULE',
      /√32/,
    ],
    [
      'a component that scales without need',
      { scale: 1, saidScale: Math.sqrt(32) },
      'refused',
      'EMB_SCALE_RULE',
      /1\/√32/,
    ],
    ['per-layer inputs', { perLayerInputs: true }, 'refused', 'EMB_NEEDS_TOKEN_IDS', /layer/],
    ['a table nobody has', { withoutTable: true }, 'not-run', null, /not at hand/],
    ['a server without logits', { remote: true }, 'passed', null, /as far as the server shows/],
    [
      'such a server that scales unsaid',
      { remote: true, scale: 6, saidScale: 1 },
      'refused',
      'EMB_ROUNDTRIP',
      /server/,
    ],
  ] as const)('%s', async (_what, options, outcome, code, message) => {
    const check = await run(options);
    expect(check).toMatchObject({ outcome, code });
    expect(check.message).toMatch(message);
    if (outcome === 'refused') expect(check.remedy?.length).toBeGreaterThan(20);
  });
});

describe('drift', () => {
  const statistics = {
    ...{ items: 64, normMean: 4, normDeviation: 0.5, nearestCosineMean: 0.6, nearestCosineDeviation: 0.1 },
    duplicateShare: 0.1,
  };
  const reference = { statistics, of: 'calibration' } as const;
  // A row of the sketch itself has its nearness; spoiled by a second to the calibrated 0.6 or so.
  const rows = (norm: number, count = 20) => {
    const [one = [], ...others] = fingerprint.sketch ?? [];
    const values = Array.from({ length: count }, (_, at) => {
      const other = others[at] ?? [];
      const row = one.map((value, channel) => value + 1.1 * (other[channel] ?? 0));
      const length = Math.hypot(...row);
      return row.map((value) => (value / length) * norm);
    });
    return Float32Array.from(values.flat());
  };

  it.each([
    ['as usual', 4, 'passed', null],
    ['a little louder', 7, 'warned', 'EMB_OUT_OF_RANGE'],
    ['seventeen times as loud', 68, 'refused', 'EMB_OUT_OF_RANGE'],
    ['a twentieth as loud', 0.2, 'refused', 'EMB_OUT_OF_RANGE'],
    ['silent', 0, 'refused', 'EMB_OUT_OF_RANGE'],
  ] as const)('%s', (_what, norm, outcome, code) => {
    expect(checkDrift([rows(norm)], fingerprint, reference)).toMatchObject({ outcome, code });
  });

  it('sees a component that has begun to repeat itself', () => {
    const values = rows(4);
    for (let at = 1; at < 20; at++) values.copyWithin(at * 32, 0, 32);
    expect(checkDrift([values], fingerprint, reference)).toMatchObject({ outcome: 'warned', code: 'EMB_OUT_OF_RANGE' });
  });

  it('knows own rows by their lengths, and of others nothing', () => {
    const own = driftReference({ kind: 'own-table', statistics: null }, fingerprint);
    expect(checkDrift([rows(3)], fingerprint, own).outcome).toBe('passed');
    expect(checkDrift([rows(300)], fingerprint, own).outcome).toBe('refused');
    expect(driftReference({ kind: 'mmproj', statistics: null }, fingerprint)).toBeNull();
    expect(checkDrift([rows(3)], fingerprint, null).outcome).toBe('not-run');
  });

  it('is looked at for every request, after the wire', () => {
    const given = vectors(20, 32, rows(68));
    expect(checkRequest(given, { fingerprint, statistics }).map(({ outcome }) => outcome)).toEqual([
      'passed',
      'refused',
    ]);
    expect(checkRequest(vectors(2, 8), { fingerprint, statistics }).map(({ code }) => code)).toEqual(['EMB_WIDTH']);
    expect(checkRequest(given, { fingerprint, statistics: null }).map(({ outcome }) => outcome)).toEqual([
      'passed',
      'not-run',
    ]);
  });
});

describe('a model that changed', () => {
  const report = { fingerprint } as Parameters<typeof checkLive>[0];

  it.each([
    ['tableType', 'Q4_0'],
    ['engine', 'table 2'],
    ['chatTemplateSha256', '3'.repeat(64)],
    ['scale', 2],
  ])('is another: %s', (field, value) => {
    const now = { ...fingerprint, [field]: value };
    expect(sameModel(fingerprint, now)).toBe(false);
    expect(checkLive(report, now)).toMatchObject({ outcome: 'refused', code: 'EMB_CHANGED', measured: field });
  });

  it('is the same when nothing changed, and never when nothing was known', () => {
    expect(checkLive(report, structuredClone(fingerprint)).outcome).toBe('passed');
    expect(checkLive({ ...report, fingerprint: null }, fingerprint).code).toBe('EMB_CHANGED');
  });
});
