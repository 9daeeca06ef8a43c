import { describe, expect, it } from 'vitest';
import type { Known, ModelCapabilities } from '#contract/capabilities.ts';
import type { Media, MediaKind } from '#contract/media.ts';
import type { RouteWish } from '#contract/plan.ts';
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

function planOne(
  kind: MediaKind,
  known: Known,
  passThrough: MediaKind[] = [],
  embeddings: Known = false,
  wish?: RouteWish,
) {
  const [step] = planRoutes({
    media: [media(kind)],
    model: { id: 'm', capabilities: takes(known, embeddings) },
    converterFor,
    handOver: (one) => passThrough.includes(one.kind) || 'it cannot be handed over',
    wish,
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
    expect(planOne('audio', true).alternatives[0]?.reason).toContain('cannot be handed over');
  });

  it('has no way in for a picture that nothing reads, with a reason for each route', () => {
    const step = planOne('image', false);
    expect(step).toMatchObject({ route: 'none', engine: null, predictedLoss: { errorRate: 1 } });
    expect(step.alternatives).toHaveLength(3);
    expect(step.reasons).toHaveLength(3);
  });

  it('tries the model itself where nobody knows and nothing else is left', () => {
    const step = planOne('image', 'unknown', ['image']);
    expect(step).toMatchObject({ route: 'native', engine: 'm' });
    expect(step.reasons.at(-1)).toContain('Nobody has established');
    expect(planOne('image', 'unknown').route).toBe('none');
    expect(planOne('image', false, ['image']).route).toBe('none');
  });

  it('goes the way that was asked for, or says why not, or refuses', () => {
    const wish = (route: RouteWish['route'], policy: RouteWish['policy'] = 'prefer') => ({ route, policy });
    expect(planOne('audio', true, ['audio'], false, wish('text'))).toMatchObject({ route: 'text', engine: 'ears' });
    expect(planOne('audio', 'unknown', ['audio'], false, wish('native')).route).toBe('native');
    const fallen = planOne('audio', false, ['audio'], false, wish('native'));
    expect(fallen).toMatchObject({ route: 'text' });
    expect(fallen.reasons[0]).toContain('does not take audio');
    expect(() => planOne('audio', false, ['audio'], false, wish('native', 'require'))).toThrow(
      expect.objectContaining({ code: 'plan.no-route', details: { part: 'part-1', route: 'native' } }),
    );
    expect(() => planOne('audio', true, ['audio'], true, wish('embedding', 'require'))).toThrow(/gate/);
  });

  it('does not try what cannot be handed over, though nobody knows and it was asked for', () => {
    const wish = { route: 'native', policy: 'prefer' } as const;
    const step = planOne('audio', 'unknown', [], false, wish);
    expect(step).toMatchObject({ route: 'text', engine: 'ears' });
    expect(step.alternatives[0]).toMatchObject({ route: 'native', feasible: false });
    expect(step.reasons[0]).toBe('m may take audio, but it cannot be handed over.');
    expect(() => planOne('image', 'unknown', [], false, { ...wish, policy: 'require' })).toThrow(/cannot be handed/);
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
