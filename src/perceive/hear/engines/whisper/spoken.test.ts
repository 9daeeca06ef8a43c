import { expect, it } from 'vitest';
import { type Evidence, groupByLanguage, partOf } from './spoken.ts';

const zh = (probability: number): Evidence => [
  { code: 'zh', probability },
  { code: 'en', probability: 1 - probability },
];
const en = (probability: number): Evidence => [...zh(1 - probability)].reverse();
const span = (startMs: number, endMs: number) => ({ startMs, endMs });

it('keeps what is in one language together, with the probability of the whole', () => {
  const spans = [
    { span: span(0, 2_000), evidence: zh(0.9) },
    { span: span(2_500, 4_000), evidence: zh(0.6) },
  ];
  expect(groupByLanguage(spans, zh(0.95))).toEqual([
    { speech: [span(0, 2_000), span(2_500, 4_000)], code: 'zh', probability: 0.95 },
  ]);
});

it('takes apart what is surely in another language', () => {
  const spans = [
    { span: span(0, 3_000), evidence: zh(0.99) },
    { span: span(4_000, 5_500), evidence: en(0.9) },
    { span: span(6_000, 8_000), evidence: zh(0.97) },
  ];
  expect(groupByLanguage(spans, zh(0.95)).map(({ code, speech }) => [code, speech.length])).toEqual([
    ['zh', 1],
    ['en', 1],
    ['zh', 1],
  ]);
});

it('believes neither weak evidence nor a short sound', () => {
  const spans = [
    { span: span(0, 3_000), evidence: zh(0.99) },
    { span: span(4_000, 5_500), evidence: en(0.7) },
    { span: span(6_000, 6_400), evidence: en(0.99) },
  ];
  expect(groupByLanguage(spans, zh(0.95)).map(({ code }) => code)).toEqual(['zh']);
});

it('takes the sound of a stay up to the middle of the pauses around it', () => {
  const samples = Float32Array.from({ length: 16_000 }, (_, at) => at);
  const stay = (startMs: number, endMs: number) => ({ speech: [span(startMs, endMs)], code: 'zh', probability: 1 });
  const [first, middle, last] = [stay(1_100, 1_300), stay(1_400, 1_600), stay(1_800, 1_900)];
  const part = partOf({ samples, fromMs: 1_000 }, first, middle, last);
  expect(part).toMatchObject({ fromMs: 1_350, speech: [span(1_400, 1_600)] });
  expect([part.samples[0], part.samples.length]).toEqual([350 * 16, 350 * 16]);
  expect(partOf({ samples, fromMs: 1_000 }, undefined, middle, undefined).samples).toHaveLength(16_000);
});
