import { describe, expect, it } from 'vitest';
import { constantFigures } from './conformance.ts';
import { segmentOf } from './segment.ts';

function heard(logprobs: readonly (number | null)[]) {
  const tokens = logprobs.map((logprob, id) => ({ id, bytes: Buffer.from(` word${id}`), logprob }));
  const segment = segmentOf({ tokens, speech: [{ startMs: 0, endMs: 900 }], times: null, confidenceSource: 'test' });
  return segment ? [segment] : [];
}

describe('constantFigures', () => {
  it('catches an engine that always says the same', () => {
    const constant = Math.log(0.9);
    expect(constantFigures(heard([constant, constant, constant, constant]))).toEqual([
      'word confidence',
      'token log-probability',
    ]);
    const segments = heard([-0.1, -0.2]).map((segment) => ({ ...segment, noSpeechProbability: 0 }));
    expect(constantFigures([...segments, ...segments, ...segments, ...segments])).toContain('no-speech probability');
  });

  it('has nothing against figures that differ, against null, or against too few to tell', () => {
    expect(constantFigures(heard([-0.1, -0.1, -0.1, -0.2]))).toEqual([]);
    expect(constantFigures(heard([null, null, null, null, null]))).toEqual([]);
    expect(constantFigures(heard([-0.1, -0.1, -0.1]))).toEqual([]);
  });
});
