import { existsSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import { evaluatePerception, formatEvaluation, together } from '#eval/index.ts';
import { openSensorium } from '#pipeline/index.ts';

const data = new URL('../../shared/data', import.meta.url).pathname;
const isHere = existsSync(`${data}/manifest.jsonl`);
if (!isHere) console.log('eval:perceive: skipped, there is no ../shared/data here.');

const sensorium = openSensorium(loadConfig({ 'perceive.remember': 'nothing' }));
afterAll(() => sensorium.close());

it.skipIf(!isHere)('hears and reads the shared files as a user would', async () => {
  const evaluation = await evaluatePerception(sensorium, {
    folder: data,
    declare: false,
    signal: new AbortController().signal,
  });
  console.log(formatEvaluation(evaluation));
  const { rows, summary } = evaluation;
  expect(rows.length).toBeGreaterThan(30);
  expect(summary).toMatchObject({ invented: 0, outcomes: { failed: 0, invented: 0 } });
  expect(summary.silentFiles).toBeGreaterThanOrEqual(4);
  const read = together(rows.filter(({ modality }) => modality === 'image').flatMap(({ content }) => content ?? []));
  expect(read.rate).toBeLessThanOrEqual(0.02);
  const rateOf = (lang: string) => summary.groups.find((group) => group.modality === 'audio' && group.lang === lang);
  // Whisper base, as it is: 6.6 % of English words and 19.5 % of Chinese characters are wrong.
  expect(rateOf('en')?.contentRate).toBeLessThanOrEqual(0.08);
  expect(rateOf('zh')?.contentRate).toBeLessThanOrEqual(0.25);
});
