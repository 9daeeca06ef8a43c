import { describe, expect, it } from 'vitest';
import type { Known, ModelCapabilities } from '#contract/capabilities.ts';
import type { Media, MediaKind } from '#contract/media.ts';
import type { RouteWish } from '#contract/plan.ts';
import { planRoutes } from './plan.ts';
import type { Ways } from './ways.ts';

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

const waysOf = (kind: MediaKind, passThrough: MediaKind[], more: Partial<Ways> = {}): Ways => ({
  converter: kind === 'audio' || more.hasSound ? { engine: 'ears', costUsd: 0 } : null,
  handOver: passThrough.includes(kind) || 'it cannot be handed over',
  frames: true,
  hasSound: kind === 'audio',
  beside: kind === 'audio' || more.hasSound ? 'ears' : null,
  ...more,
});

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
    ways: { 'part-1': waysOf(kind, passThrough) },
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

  const plan = (kind: MediaKind, capabilities: ModelCapabilities, wish?: RouteWish, more: Partial<Ways> = {}) =>
    planRoutes({
      media: [media(kind)],
      model: { id: 'm', capabilities },
      ways: { 'part-1': waysOf(kind, [kind], more) },
      wish,
    })[0]!;

  it('takes one route for each kind where they are given so', () => {
    const wish = { route: { audio: 'text', image: 'native' }, policy: 'prefer' } as const;
    expect(plan('audio', takes(true), wish).route).toBe('text');
    expect(plan('image', takes(true), wish).route).toBe('native');
    expect(plan('video', takes(true), wish).route).toBe('native');
  });

  it('puts a transcript beside what the model takes, where hybrid was asked for', () => {
    const step = plan('audio', takes(true), { route: 'hybrid', policy: 'prefer' });
    expect(step).toMatchObject({ route: 'native', form: 'whole', beside: { route: 'text', engine: 'ears' } });
    expect(plan('audio', takes(true)).beside).toBeNull();
  });

  it('gives a model that only sees pictures frames of a video, with what is heard in it', () => {
    const eyes = { ...takes(false), input: { ...takes(false).input, image: true } } as const;
    const step = plan('video', eyes, undefined, { hasSound: true });
    expect(step).toMatchObject({ route: 'native', form: 'frames', beside: { engine: 'ears' } });
    expect(plan('video', eyes, undefined, { hasSound: false }).beside).toBeNull();
    expect(plan('video', eyes, undefined, { hasSound: true, frames: 'ffmpeg is missing' })).toMatchObject({
      route: 'text',
      reasons: [expect.stringContaining('ffmpeg is missing'), expect.any(String)],
    });
  });

  it('gives a model that only sees pictures the pages of a document', () => {
    const eyes = { ...takes(false), input: { ...takes(false).input, image: true } } as const;
    const step = plan('document', eyes, undefined, { pages: true });
    expect(step).toMatchObject({ route: 'native', form: 'pages', beside: null });
    expect(step.explanation.zh).toContain('每页的图片');
    expect(plan('document', eyes, undefined, { pages: 'it is no PDF' }).route).toBe('none');
  });

  it('gives the text of a document before pictures of some pages, unless those are asked for', () => {
    const eyes = { ...takes(false), input: { ...takes(false).input, image: true } } as const;
    const ways = { pages: true, converter: { engine: 'pdf', costUsd: 0 } } as const;
    const step = plan('document', eyes, undefined, ways);
    expect(step).toMatchObject({ route: 'text', engine: 'pdf' });
    expect(step.explanation.en).toContain('because m would only see pictures of some of its pages');
    expect(plan('document', eyes, { route: 'native', policy: 'prefer' }, ways)).toMatchObject({ form: 'pages' });
    expect(plan('document', eyes, { route: 'auto', policy: 'most-faithful' }, ways).form).toBe('pages');
  });

  it('tries a model nobody knows before only a part of a picture is told, and reads it where the model takes none', () => {
    const reads = { converter: { engine: 'eyes', costUsd: 0, only: 'the writing in it' }, beside: 'eyes' };
    const step = plan('image', takes('unknown'), undefined, reads);
    expect(step).toMatchObject({ route: 'native', engine: 'm' });
    expect(step.reasons.at(-1)).toContain('eyes would only tell the writing in it');
    expect(plan('image', takes(false), undefined, reads)).toMatchObject({ route: 'text', engine: 'eyes' });
    expect(plan('image', takes('unknown'), { route: 'auto', policy: 'cheapest' }, reads).route).toBe('text');
  });

  it('adds what is said in a video that the model sees and does not hear', () => {
    const deaf = { ...takes(true), rules: { hearsVideo: false } };
    expect(plan('video', deaf, undefined, { hasSound: true }).beside).toEqual({ route: 'text', engine: 'ears' });
    expect(plan('video', takes(true), undefined, { hasSound: true }).beside).toBeNull();
  });

  it('takes what costs nothing where the cheapest is wanted, and says so', () => {
    const wish = { route: 'auto', policy: 'cheapest' } as const;
    expect(plan('audio', takes(true), wish)).toMatchObject({ route: 'text', costUsd: 0 });
    expect(plan('audio', takes(true), wish).reasons.at(-1)).toContain('costs least');
    const paid = { converter: { engine: 'ears', costUsd: null } };
    expect(plan('audio', takes(true), wish, paid).route).toBe('native');
  });

  it('takes what was fastest before where that is wanted, and native while nobody has measured both', () => {
    const wish = { route: 'auto', policy: 'fastest' } as const;
    const measured = (nativeLatencyMs: number | null) => ({
      converter: { engine: 'ears', costUsd: 0, latencyMs: 500 },
      nativeLatencyMs,
    });
    expect(plan('audio', takes(true), wish, measured(900))).toMatchObject({ route: 'text', predictedLatencyMs: 500 });
    expect(plan('audio', takes(true), wish, measured(300))).toMatchObject({ route: 'native', predictedLatencyMs: 300 });
    expect(plan('audio', takes(true), wish, measured(null)).route).toBe('native');
  });

  it('tries a model nobody knows before turning anything into text, where the most faithful way is wanted', () => {
    const wish = { route: 'auto', policy: 'most-faithful' } as const;
    const step = plan('audio', takes('unknown'), wish);
    expect(step).toMatchObject({ route: 'native' });
    expect(step.reasons[0]).toContain('most faithful');
    expect(plan('audio', takes(false), wish).route).toBe('text');
  });

  it('makes the same plan again from what it was made of', () => {
    const kinds: MediaKind[] = ['audio', 'image', 'video', 'document', 'text'];
    for (const policy of ['auto', 'cheapest', 'fastest', 'most-faithful'] as const) {
      for (const known of [true, false, 'unknown'] as const) {
        const request = {
          media: kinds.map((kind) => ({ ...media(kind), part: kind })),
          model: { id: 'm', capabilities: takes(known) },
          ways: Object.fromEntries(kinds.map((kind) => [kind, waysOf(kind, ['audio', 'image'])])),
          wish: { route: 'auto' as const, policy },
        };
        expect(planRoutes(JSON.parse(JSON.stringify(request)))).toEqual(planRoutes(request));
      }
    }
  });

  it('explains every step in one sentence, in English and in Chinese', () => {
    const steps = [
      plan('audio', takes(true)),
      plan('audio', takes(false)),
      plan('audio', takes('unknown')),
      plan('image', takes(false)),
      plan('image', takes('unknown')),
      plan('text', takes(true)),
      plan('audio', takes(true), { route: 'hybrid', policy: 'prefer' }),
      plan('audio', takes(true), { route: 'text', policy: 'prefer' }),
    ];
    const sentences = steps.map(({ explanation }) => explanation);
    expect(new Set(sentences.map(({ en }) => en)).size).toBe(steps.length);
    for (const { en, zh } of sentences) {
      expect(en).toMatch(/^part-1 \((audio|image|text)\) .*[^.]\.$/);
      expect(zh).toMatch(/^part-1（(录音|图片|文本)）.*[^。]。$/);
    }
    expect(sentences[1]).toEqual({
      en: 'part-1 (audio) is turned into text by ears because m does not take audio.',
      zh: 'part-1（录音）由 ears 转成文本，因为 m 不接受录音。',
    });
  });

  describe('with a component that makes vectors', () => {
    const planWith = (
      injection: Ways['injection'],
      more: { known?: Known; embeddings?: Known; wish?: RouteWish } = {},
    ) =>
      planRoutes({
        media: [media('audio')],
        model: { id: 'm', capabilities: takes(more.known ?? false, more.embeddings ?? true) },
        ways: { 'part-1': waysOf('audio', more.known ? ['audio'] : [], { injection }) },
        wish: more.wish,
      })[0];
    const lets = (asGoodAsText: boolean) => ({ component: 'own-table', told: '0.98 of what text tells', asGoodAsText });

    it('takes them before text where text was shown to tell no more, and says so', () => {
      const step = planWith(lets(true));
      expect(step).toMatchObject({ route: 'embedding', engine: 'own-table' });
      expect(step?.reasons).toEqual([
        'm does not take audio (its data row).',
        'own-table makes vectors of audio that m understands: 0.98 of what text tells. Text tells it no more.',
      ]);
      expect(step?.explanation.zh).toContain('由 own-table 转成向量放入');
      expect(step?.alternatives.map(({ route }) => route)).toEqual(['native', 'text']);
    });

    it('prefers text where they tell less, and the model itself to both', () => {
      expect(planWith(lets(false))).toMatchObject({ route: 'text', engine: 'ears' });
      expect(planWith(lets(true), { known: true })).toMatchObject({ route: 'native' });
    });

    it('takes them where they are asked for and let in, and says what stands in the way otherwise', () => {
      const wish: RouteWish = { route: 'embedding', policy: 'prefer' };
      expect(planWith(lets(false), { wish })).toMatchObject({ route: 'embedding' });
      const refused = 'The gate refused it (EMB_NO_INFORMATION).';
      expect(planWith(refused, { wish })).toMatchObject({
        route: 'text',
        alternatives: [{ route: 'native' }, { route: 'embedding', feasible: false, reason: refused }],
      });
      expect(planWith(lets(true), { wish, embeddings: false })).toMatchObject({ route: 'text' });
    });
  });
});
