import { expect, it } from 'vitest';
import { lossOf } from '#contract/loss.ts';
import type { Report } from '#contract/report.ts';
import { ledgerOf, mitigationOf, rareOf, spanOf } from '#ledger/__fixtures__/ledger.ts';
import { componentSchemas } from '../openapi/schemas.ts';
import { ANSWERS } from '../schemas/answers.ts';
import { spokenAnswers } from './spoken-answers.ts';
import { completionOf } from './whole.ts';

const ledger = ledgerOf({
  spans: [spanOf()],
  losses: [lossOf({ kind: 'noisy', stage: 'probe', message: 'x' })],
  model: { rare: [rareOf('𬬱')] },
  mitigations: [mitigationOf()],
});
const report: Report = {
  ...{ requestId: 'req_1', plan: [], perceptions: [], costs: [], speech: null, ledger },
  answer: { text: 'Hi.', model: 'm', finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 1 } },
  timings: { mediaMs: 1, probeMs: 1, perceiveMs: 1, firstTokenMs: 1, firstAudioMs: null, totalMs: 2 },
};

it('carries the whole ledger, in the shape the description of the server promises', () => {
  const completion = completionOf(report, null, spokenAnswers());
  const read = ANSWERS.ChatCompletion.parse(JSON.parse(JSON.stringify(completion)));
  expect(read.sensorium.ledger).toEqual(ledger);
  // Sound that was turned into text first took no audio tokens; its seconds are said.
  expect(completion).toMatchObject({ usage: { sensorium: { audio_in_seconds: 60 } } });
});

it('is described with all its losses', () => {
  const described = JSON.stringify(componentSchemas());
  const names = Object.values(ledger.loss).flatMap((group) => Object.keys(group));
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !described.includes(`"${name}"`))).toEqual([]);
});
