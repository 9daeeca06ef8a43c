import { expect, it } from 'vitest';
import { figuresOf, GOALS, isMet, ratioOf } from './figures.ts';
import { type Measured, type Measurements, nothingYet } from './measure.ts';
import { formatReport } from './report.ts';

const counted = { sent: 1, failures: 0, failure: null };

// Every round of a subject takes `slowness` times as long as the round takes anyway.
function measured(title: string, slowness: number, rounds = [1, 1, 10]): Measured {
  const latency = rounds.map((round) => ({
    ...counted,
    requestsPerSecond: 6400 / (round * slowness),
    p50Ms: round * slowness,
    p95Ms: 2 * round * slowness,
    p99Ms: 3 * round * slowness,
    maxMs: 4 * round * slowness,
    cpuMsPerRequest: 0.1 * round * slowness,
  }));
  const streams = rounds.map((round) => ({
    ...counted,
    firstByteP50Ms: round * slowness,
    transitP50Ms: round * slowness,
    transitP99Ms: 5 * round * slowness,
    cpuMicrosecondsPerToken: 20 * slowness,
  }));
  const completions = { 1: latency, 8: latency, 64: latency };
  return { ...nothingYet(title), completions, streams, recordings: latency, recordingsPeakMiB: 100 * slowness };
}

const measurements: Measurements = {
  direct: { ...measured('direct', 0.5), recordingsPeakMiB: null },
  bare: measured('bare', 1),
  fastify: measured('Fastify', 2),
  sensorium: measured('Sensorium', 1.5),
  portkey: measured('Portkey', 15),
  litellm: { ...nothingYet('LiteLLM'), missing: 'pip failed: no network' },
};

it('says what a subject adds to the upstream, round by round', () => {
  const { direct, sensorium } = measurements as Required<Measurements>;
  expect(figuresOf(sensorium, direct).addedMs[64]).toEqual([1, 2, 3]);
  expect(figuresOf(direct, direct).addedMs[64]).toEqual([null, null, null]);
  expect(figuresOf(sensorium, undefined).addedMs[64]).toEqual([null, null, null]);
  expect(figuresOf(sensorium, direct)).toMatchObject({ transitP99Ms: 7.5, cpuMicrosecondsPerToken: 30 });
});

it('compares with the others and with the goals', () => {
  const { sensorium } = measurements as Required<Measurements>;
  const ratios = GOALS.map((goal) => ratioOf(goal, sensorium, measurements));
  expect(ratios.map((ratio) => ratio && Number(ratio.toFixed(6)))).toEqual([1.5, 10, null, 1.5, 0.75]);
  expect(GOALS.map((goal, index) => isMet(goal, ratios[index] ?? null))).toEqual([true, true, null, true, true]);
  expect(GOALS.map((goal) => isMet(goal, 7))).toEqual([false, false, false, false, false]);
});

it('shows what was measured, and says what is missing and what went wrong', () => {
  const troubled = { ...measured('Fastify', 2), troubles: ['streams: 1 of 64 failed (500)'] };
  const report = formatReport({ ...measurements, fastify: troubled });
  expect(report).toContain('| Sensorium | 4267 | 0.15 | 1.00 / 2.00 / 3.00 |');
  expect(report).toContain('| Sensorium | 1.50 (met) | 10.0 (met) | – |');
  expect(report).toContain('Missing: LiteLLM. pip failed: no network');
  expect(report).toContain('- streams: 1 of 64 failed (500)');
  expect(report).not.toContain('| LiteLLM');
});
