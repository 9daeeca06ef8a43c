import { describe, expect, it } from 'vitest';
import type { Media, MediaKind } from '#contract/media.ts';
import type { Known, ModelCapabilities } from '#contract/ports.ts';
import { planRoutes } from './plan.ts';

const media = (kind: MediaKind): Media => ({
  part: 'part-1',
  kind,
  name: 'x',
  source: 'file',
  mimeType: 'x/y',
  sizeBytes: 1,
  sha256: '0'.repeat(64),
});
const takes = (known: Known, embeddings: Known = false): ModelCapabilities => ({
  input: { audio: known, image: known, video: known, document: known, text: true },
  output: { text: true, audio: false },
  embeddings,
  contextTokens: null,
  languages: ['en'],
  source: 'its data row',
});
const converterFor = ({ kind }: Media) => (kind === 'audio' ? { engine: 'ears', costUsd: 0 } : null);

function planOne(kind: MediaKind, known: Known, passThrough: MediaKind[] = [], embeddings: Known = false) {
  const [step] = planRoutes({
    media: [media(kind)],
    model: { id: 'm', capabilities: takes(known, embeddings) },
    converterFor,
    passThrough: new Set(passThrough),
  });
  if (!step) throw new Error('no step');
  return step;
}

describe('planRoutes', () => {
  it('passes sound through to a model that hears', () => {
    const step = planOne('audio', true, ['audio']);
    expect(step).toMatchObject({ route: 'native', engine: 'm', costUsd: null });
    expect(step.alternatives.map(({ route }) => route)).toEqual(['text', 'embedding']);
  });

  it('turns sound into text for a deaf model and says it is deaf', () => {
    const step = planOne('audio', false, ['audio']);
    expect(step).toMatchObject({ route: 'text', engine: 'ears', costUsd: 0 });
    expect(step.reasons.join(' ')).toContain('m does not take audio (its data row)');
    expect(step.alternatives[0]).toMatchObject({ route: 'native', feasible: false });
  });

  it('does not take unknown for yes', () => {
    const step = planOne('audio', 'unknown', ['audio']);
    expect(step.route).toBe('text');
    expect(step.alternatives[0]).toMatchObject({ route: 'native', feasible: 'unknown' });
  });

  it('says so when the model could but we cannot', () => {
    expect(planOne('audio', true).alternatives[0]?.reason).toContain('cannot hand it over');
  });

  it('has no way in for a picture that nothing reads, with a reason for each route', () => {
    const step = planOne('image', false);
    expect(step).toMatchObject({ route: 'none', engine: null, predictedLoss: { errorRate: 1 } });
    expect(step.alternatives).toHaveLength(3);
    expect(step.reasons).toHaveLength(3);
  });

  it('keeps embeddings out until something has passed the gate', () => {
    expect(planOne('audio', false, [], true).alternatives.at(-1)).toMatchObject({
      route: 'embedding',
      feasible: false,
    });
  });

  it('never predicts a loss nobody measured', () => {
    expect(planOne('audio', false).predictedLoss).toEqual({ errorRate: null, reason: expect.any(String) });
    expect(planOne('audio', false).predictedLatencyMs).toBeNull();
  });
});
