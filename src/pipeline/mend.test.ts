import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import { Ledger } from '#contract/ledger.ts';
import type { Perception, Segment, Transcript } from '#contract/perception.ts';
import type { LanguageModel } from '#contract/ports.ts';
import type { Report } from '#contract/report.ts';
import { givenTo, listener, SAID, scripted } from './__fixtures__/mending.ts';
import { eventsOf, partsWith } from './__fixtures__/parts.ts';
import { answer } from './answer.ts';
import type { AnswerRequest } from './answer-request.ts';
import { withTerms } from './mend-glossary.ts';
import { mendedBy } from './mend-text.ts';
import { termsIn } from './mend-wishes.ts';
import type { Parts } from './parts.ts';
import { tone } from './tiny-media.ts';

async function ask(
  request: Partial<AnswerRequest>,
  more: Partial<Parts> = {},
  recogniser = listener(),
  signal?: AbortSignal,
) {
  const media = [{ kind: 'bytes', bytes: tone(2), name: 'tone.wav' }] as const;
  const whole = { question: '他在做什么？', media, voice: null, speed: 1, model: 'scripted', ...request };
  const events: PipelineEvent[] = await eventsOf(answer(whole, partsWith(recogniser, more), signal));
  const last = events.at(-1);
  if (last?.kind !== 'report-made') throw new Error(`It ended with ${last?.kind}.`);
  return { events, report: last.report };
}
const mitigation = ({ ledger }: Report, id: string) => ledger.mitigations.find((one) => one.id === id);

/** Parts that tell what of them was opened. */
function watched(model: LanguageModel, more: Partial<Parts> = {}): Partial<Parts> & { readonly opened: string[] } {
  const opened: string[] = [];
  return {
    opened,
    model: async (id) => {
      opened.push(`model ${id}`);
      return model;
    },
    dictionary: async () => {
      opened.push('dictionary');
      return null;
    },
    terms: async () => {
      opened.push('terms');
      return [];
    },
    glosses: async () => {
      opened.push('glosses');
      return { componentsOf: () => null, meaningOf: () => null };
    },
    ...more,
  };
}

describe('without wishes', () => {
  it('nothing is changed, nobody is asked and nothing opened', async () => {
    const asked: AskRequest[] = [];
    const parts = watched(scripted('{"1":"扶"}', asked));
    const { report, events } = await ask({}, parts);
    expect(givenTo(asked)).toEqual([expect.stringContaining(SAID)]);
    expect(asked).toHaveLength(1);
    // The ledger looks words up whatever is mended.
    expect(parts.opened).toEqual(['model scripted', 'dictionary']);
    expect(report.perceptions).not.toMatchObject([{ mended: expect.anything() }]);
    expect(report.ledger.mitigations).toEqual([]);
    expect(events.some(({ kind }) => kind === 'part-mended' || kind === 'mending-moved')).toBe(false);
  });

  it('nor against the configuration, where a request wants nothing mended', async () => {
    const asked: AskRequest[] = [];
    const mend = { glossary: '/nowhere', correct: true, corrector: null, correctSeconds: 9, gloss: true } as const;
    const parts = watched(scripted('{"1":"扶"}', asked), { mend: { ...mend, escalate: 'doubtful' } });
    const { report } = await ask({ mend: false }, parts);
    expect(parts.opened).toEqual(['model scripted', 'dictionary']);
    expect(report.ledger.mitigations).toEqual([]);
    expect(asked).toHaveLength(1);
  });
});

describe('correction', () => {
  const wish = { mend: { correct: true } };

  it('gives the model what doubtful places should be, and keeps what was heard beside it', async () => {
    const asked: AskRequest[] = [];
    const parts = watched(scripted('{"1":"扶"}', asked), { prices: () => PRICES });
    const { report, events } = await ask(wish, parts);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ temperature: 0 });
    expect(String(asked[0]?.messages[1]?.content)).toContain('他[1:浮]着墙慢慢走呢。');
    expect(givenTo(asked)[0]).toContain('他扶着墙慢慢走呢。');
    expect(givenTo(asked)[0]).not.toContain('浮');
    expect(report.perceptions).toMatchObject([
      {
        text: SAID,
        segments: [{ text: SAID }],
        mended: {
          text: '他扶着墙慢慢走呢。',
          edits: [{ start: 1, end: 2, before: '浮', after: '扶', by: 'correction' }],
        },
      },
    ]);
    expect(Ledger.parse(report.ledger)).toEqual(report.ledger);
    expect(mitigation(report, 'correction')).toMatchObject({
      ...{ part: 'part-1', applied: true, by: 'scripted', editsProposed: 1, editsAccepted: 1, refused: {} },
      ...{ charactersDeleted: 0, particlesDeleted: 0, addedTokens: 110 },
      note: '1 doubtful places were asked about, 1 changed.',
    });
    expect(report.ledger.spans).toMatchObject([
      { start: 1, end: 2, text: '扶', alternatives: [{ text: '浮', by: 'before mending' }] },
    ]);
    expect(report.costs.filter(({ stage }) => stage === 'ask')).toHaveLength(2);
    expect(events.filter(({ kind }) => kind === 'mending-moved')).toMatchObject([
      { done: 0, total: 1 },
      { done: 1, total: 1 },
    ]);
    expect(events.find(({ kind }) => kind === 'part-mended')).toMatchObject({ perception: { text: SAID } });
  });

  it.each([
    ['sounds otherwise', '{"1":"推"}', { 'other-sound': 1 }],
    ['empties the place', '{"1":""}', { empty: 1 }],
    ['tells a story', '{"1":"扶着墙慢慢走过去，然后他看见了一个人"}', { longer: 1 }],
  ])('refuses what %s', async (_, corrects, refused) => {
    const asked: AskRequest[] = [];
    const { report } = await ask(wish, watched(scripted(corrects, asked)));
    expect(givenTo(asked)[0]).toContain(SAID);
    expect(mitigation(report, 'correction')).toMatchObject({
      applied: true,
      editsProposed: 1,
      editsAccepted: 0,
      refused,
    });
  });

  it('leaves the text as it was where the answer cannot be read, and says so', async () => {
    const asked: AskRequest[] = [];
    const { report } = await ask(wish, watched(scripted('抱歉，\n我不能\n回答。', asked)));
    expect(givenTo(asked)[0]).toContain(SAID);
    const { note } = mitigation(report, 'correction') ?? {};
    expect(note).toContain('no answer that could be read');
  });

  it.each([
    ['it fails', new SensoriumError('ask.upstream-failed', 'The server is down.'), 'The server is down.'],
    ['it throws anything else', new Error('secret'), 'It failed.'],
    ['it takes too long', 'hangs', 'It took longer than 0.02 s.'],
  ] as const)('goes on without it where %s', async (_, corrects, why) => {
    const asked: AskRequest[] = [];
    const mend = {
      glossary: null,
      correct: true,
      corrector: null,
      correctSeconds: 0.02,
      gloss: false,
      escalate: 'off',
    } as const;
    const { report } = await ask({}, watched(scripted(corrects, asked), { mend }));
    expect(givenTo(asked)[0]).toContain(SAID);
    expect(mitigation(report, 'correction')).toMatchObject({
      applied: false,
      editsAccepted: 0,
      note: expect.stringContaining(why),
    });
  });

  it('stops when the request is cancelled', async () => {
    const stop = new AbortController();
    const asked: AskRequest[] = [];
    const going = (async () => {
      const media = [{ kind: 'bytes', bytes: tone(2), name: 'tone.wav' }] as const;
      const request = { question: '什么？', media, voice: null, speed: 1, model: 'scripted', ...wish };
      const parts = partsWith(listener(), watched(scripted('hangs', asked)));
      for await (const event of answer(request, parts, stop.signal)) if (event.kind === 'mending-moved') stop.abort();
    })();
    await expect(going).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(givenTo(asked)).toEqual([]);
  });

  it('asks the configured corrector, and nobody where nothing is doubtful', async () => {
    const [asked, other]: [AskRequest[], AskRequest[]] = [[], []];
    const models = new Map([
      ['scripted', scripted('{}', asked)],
      ['proofreader', scripted('{"1":"扶"}', other, 'proofreader')],
    ]);
    const checked: string[] = [];
    const mend = {
      glossary: null,
      correct: true,
      corrector: 'proofreader',
      correctSeconds: 9,
      gloss: false,
      escalate: 'off',
    } as const;
    const parts = {
      mend,
      check: (id: string) => void checked.push(id),
      model: async (id: string) => models.get(id) ?? Promise.reject(new Error(id)),
    };
    const { report } = await ask({}, parts);
    expect(mitigation(report, 'correction')).toMatchObject({ by: 'proofreader', editsAccepted: 1 });
    expect([asked.length, other.length]).toEqual([1, 1]);
    expect(checked).toContain('proofreader');
    const sure = await ask({}, parts, listener('他在墙边。'));
    expect(mitigation(sure.report, 'correction')).toMatchObject({ applied: false, note: 'Nothing in it is doubtful.' });
    expect(other).toHaveLength(1);
  });

  it('is no loss: it goes with a request that allows none', async () => {
    const sure = '他在墙边。';
    const asked: AskRequest[] = [];
    const { report } = await ask(
      { mend: { correct: true, glossary: ['墙边'] }, loss: 'forbid' },
      watched(scripted('{}', asked)),
      listener(sure),
    );
    expect(report.ledger.losses).toEqual([]);
  });
});

it('keeps the marks of how it was said', async () => {
  const asked: AskRequest[] = [];
  const { senses } = partsWith(listener());
  const parts = watched(scripted('{"1":"扶"}', asked), { senses: { ...senses, hear: { ...senses.hear, tone: true } } });
  const { report } = await ask({ mend: { correct: true } }, parts);
  const [perception] = report.perceptions;
  if (perception?.kind !== 'transcript') throw new Error('It was not heard.');
  const { enriched, mended } = perception;
  expect(enriched).toBeDefined();
  expect(mended?.text).toBe(enriched?.text.replace('浮', '扶'));
  expect(asked[0]?.messages[1]?.content).not.toMatch(/停顿|pause/);
});

describe('glossary', () => {
  it('writes terms where they were said, before anybody is asked, and hands them to a recogniser that heeds them', async () => {
    const asked: AskRequest[] = [];
    const prompts: (string | undefined)[] = [];
    const parts = watched(scripted('{"1":"服"}', asked));
    const { report } = await ask({ mend: { glossary: ['扶着墙'], correct: true } }, parts, listener(SAID, prompts));
    expect(prompts).toEqual(['扶着墙']);
    expect(givenTo(asked)[0]).toContain('他扶着墙慢慢走呢。');
    expect(report.ledger.mitigations.map(({ id }) => id)).toEqual(['glossary', 'correction']);
    expect(mitigation(report, 'glossary')).toMatchObject({ applied: true, editsAccepted: 1 });
    // The only doubtful place is what the glossary wrote.
    expect(mitigation(report, 'correction')).toMatchObject({ applied: false });
    expect(report.perceptions).toMatchObject([
      { mended: { edits: [{ by: 'glossary', after: expect.stringContaining('扶') }] } },
    ]);
  });

  it('comes from a file of the configuration, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sensorium-test-'));
    const path = join(folder, 'terms.txt');
    writeFileSync(path, '\uFEFF扶着墙\n\n单于\tchán yú\n');
    const asked: AskRequest[] = [];
    const mend = {
      glossary: path,
      correct: false,
      corrector: null,
      correctSeconds: 9,
      gloss: false,
      escalate: 'off',
    } as const;
    const { report } = await ask({}, watched(scripted('{}', asked), { mend, terms: () => termsIn(path) }));
    expect(givenTo(asked)[0]).toContain('他扶着墙');
    expect(mitigation(report, 'glossary')?.note).toContain('of 2 terms');
    await expect(termsIn(join(folder, 'none'))).rejects.toMatchObject({ code: 'config.invalid' });
  });
});

it('changes of a video what was said, and not what was written in it', () => {
  const transcript: Transcript = {
    ...{ part: 'part-1', kind: 'transcript', text: '他浮着墙。', language: 'zh', languageSource: null, durationMs: 9 },
    ...{ engine: 'fake', words: [], segments: [segmentSaying('他浮着墙。')] },
  };
  const timeline: Perception = {
    ...{
      part: 'part-1',
      kind: 'timeline',
      text: '[00:00] 字幕：浮着墙\n[00:01] 他浮着墙。',
      durationMs: 9,
      moments: [],
    },
    ...{ framesSeen: 1, framesTotal: 1, longestGapMs: null, cutsMissed: null, transcript, engine: 'fake' },
  };
  const { edits } = withTerms(timeline, [[{ text: '扶着墙' }]], null);
  expect(mendedBy(timeline, edits)).toMatchObject({ mended: { text: '[00:00] 字幕：浮着墙\n[00:01] 他扶着墙。' } });
});

describe('gloss', () => {
  it('explains a rare character to the model that is asked', async () => {
    const asked: AskRequest[] = [];
    const glosses = async () => ({
      componentsOf: (one: string) => (one === '𬬱' ? '⿰钅斤' : null),
      meaningOf: () => null,
    });
    const { report } = await ask(
      { mend: { gloss: true } },
      watched(scripted('{}', asked), { glosses }),
      listener('他叫𬬱。'),
    );
    expect(givenTo(asked)[0]).toContain('他叫𬬱（jīn，⿰钅斤）。');
    expect(mitigation(report, 'gloss')).toMatchObject({ applied: true, editsAccepted: 1, addedTokens: null });
    expect(report.perceptions).toMatchObject([
      { text: '他叫𬬱。', mended: { edits: [{ start: 3, end: 3, by: 'gloss' }] } },
    ]);
  });
});

describe('what hearing did itself', () => {
  it('is in the record: another script, a second reader, every word kept', async () => {
    const asked: AskRequest[] = [];
    const { senses } = partsWith(listener());
    const parts = watched(scripted('{}', asked), {
      senses: { ...senses, hear: { ...senses.hear, second: 'other', script: 'simplified', verbatim: true } },
      recogniser: async (id) =>
        id === 'other' ? { ...listener('他扶着牆慢慢走呢。'), id } : listener('他浮着牆慢慢走呢。'),
    });
    const { report } = await ask({}, parts);
    expect(mitigation(report, 'script')).toMatchObject({ applied: true, editsAccepted: 1 });
    expect(mitigation(report, 'second-reader')).toMatchObject({ applied: true, by: 'other' });
    expect(mitigation(report, 'verbatim')).toMatchObject({ applied: false });
  });
});

const PRICES = { currency: 'USD', inputPerMillion: 1, outputPerMillion: 2, date: '2026-11-01' } as const;

function segmentSaying(text: string): Segment {
  return {
    startMs: 0,
    endMs: 9,
    text,
    words: [],
    meanLogprob: null,
    compressionRatio: null,
    noSpeechProbability: null,
  };
}
