import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Known } from '#contract/capabilities.ts';
import type { TimeSpan } from '#contract/finding.ts';
import type { Enriched, Segment } from '#contract/perception.ts';
import type { Diariser, Recogniser } from '#contract/ports.ts';
import { findingOf, heardBy, saying, speech } from './__fixtures__/hearing.ts';
import { buzz, soundOf } from './__fixtures__/sound.ts';
import { recogniserExam } from './conformance.ts';
import { recogniserFor } from './engines/index.ts';
import { plainTextOf } from './enrich/index.ts';
import { fakeRecogniser } from './fake.ts';
import { hear } from './hear.ts';
import { joinWords } from './script.ts';

recogniserExam(
  'fake',
  async () => fakeRecogniser(['one', 'two']),
  async () => ({ sound: soundOf(buzz(6_000, speech)), speech, durationMs: 6_000 }),
);

describe('hear', () => {
  it('tells how far it has come', async () => {
    const told: number[] = [];
    const context = { signal: new AbortController().signal, note: () => {} };
    const sound = soundOf(buzz(6_000, speech));
    const onProgress = (heardMs: number) => told.push(heardMs);
    const recogniser = fakeRecogniser(['one', 'two']);
    await hear({ part: 'part-1', sound, finding: findingOf(speech), onProgress }, recogniser, context);
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBeGreaterThan(4_000);
  });

  it('joins what was heard and says where the language comes from', async () => {
    const { transcript, losses } = await heardBy(
      saying([
        ['Hello there.', -0.01],
        ['Good morning.', -0.01],
      ]),
    );
    expect(transcript).toMatchObject({
      text: 'Hello there. Good morning.',
      language: 'en',
      languageSource: 'only-language:scripted',
      engine: 'scripted',
      durationMs: 6_000,
    });
    expect(transcript.words.map((word) => word.text)).toEqual(['Hello', 'there.', 'Good', 'morning.']);
    expect(transcript.segments).toHaveLength(2);
    expect(losses).toEqual([]);
  });

  it('joins Chinese without spaces', async () => {
    const { transcript } = await heardBy(
      saying(
        [
          ['你好。', -0.01],
          ['早上好', -0.01],
        ],
        'any',
      ),
      speech,
      'zh-CN',
    );
    expect(transcript).toMatchObject({ text: '你好。早上好', language: 'zh', languageSource: 'declared' });
  });

  it('does not ask the recogniser where there is no voice', async () => {
    const { transcript, losses } = await heardBy(saying([['invented words', -0.01]]), []);
    expect(transcript).toMatchObject({ text: '', words: [], segments: [] });
    expect(losses.map((loss) => loss.kind)).toEqual(['no-speech']);
  });

  it('notes a voice that gave no words, with its time', async () => {
    const { losses } = await heardBy(saying([['Hello there.', -0.01], null]));
    expect(losses).toMatchObject([{ kind: 'speech-without-words', time: speech[1], extent: 1_500, unit: 'ms' }]);
    expect(losses[0]?.message).toContain('only English');
  });

  it('notes much voice that gave few letters as an estimate', async () => {
    const long = [{ startMs: 0, endMs: 5_000 }];
    const { transcript, losses } = await heardBy(saying([['No.', -0.01]]), long);
    expect(transcript.text).toBe('No.');
    expect(losses).toMatchObject([{ kind: 'speech-without-words', certainty: 'estimated', time: long[0] }]);
  });

  it('notes doubtful words with time and extent', async () => {
    const { losses } = await heardBy(
      saying([
        ['Hello there.', -0.01],
        ['Good', Math.log(0.4)],
      ]),
    );
    expect(losses).toMatchObject([{ kind: 'doubtful-word', text: 'Good', extent: expect.closeTo(0.6) }]);
    expect(losses[0]?.time?.startMs).toBeGreaterThanOrEqual(4_000);
  });

  it('drops text that a guard rejects, says so, and doubts the language', async () => {
    const { transcript, losses } = await heardBy(
      saying([
        ['something made up', -1.5],
        ['Good morning.', -0.01],
      ]),
    );
    expect(transcript.text).toBe('Good morning.');
    expect(losses).toMatchObject([
      { kind: 'improbable-text', action: 'text dropped', text: 'something made up' },
      { kind: 'language-unsupported', certainty: 'estimated' },
    ]);
  });

  it('refuses a declared language the recogniser does not know', async () => {
    await expect(heardBy(saying([]), speech, 'zh')).rejects.toMatchObject({
      code: 'hear.language-unsupported',
      hint: expect.stringContaining('English'),
    });
    await expect(heardBy(saying([]), speech, 'not a tag')).rejects.toMatchObject({ code: 'hear.language-unsupported' });
  });

  it('takes a regional tag for its language', async () => {
    const { transcript } = await heardBy(saying([['Hello there.', -0.01]]), [speech[0] as TimeSpan], 'en-GB');
    expect(transcript).toMatchObject({ language: 'en', languageSource: 'declared' });
  });
});

describe('what is heard, as it is heard', () => {
  const lines = fc.array(
    fc.tuple(
      fc.array(fc.constantFrom('one', 'two.', '三', '四。', 'five,', '🐟'), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(-0.01, -1.5),
    ),
    { minLength: 1, maxLength: 6 },
  );

  it('is the transcript: segments in order, deltas that make its text (property)', async () => {
    await fc.assert(
      fc.asyncProperty(lines, async (said) => {
        const spans = said.map((_, at) => ({ startMs: at * 900, endMs: at * 900 + 700 }));
        const scripted = said.map(([words, logprob]) => [words.join(' '), logprob] as const);
        const segments: Segment[] = [];
        let text = '';
        const { transcript } = await heardBy(saying(scripted, 'any'), spans, undefined, {
          onSegment({ segment, delta }) {
            segments.push(segment);
            text += delta;
          },
        });
        expect(segments).toEqual(transcript.segments);
        expect(text).toBe(transcript.text);
        expect(text).toBe(joinWords(segments.map((segment) => segment.text)));
      }),
    );
  });

  it('is told before the recogniser goes on', async () => {
    const order: string[] = [];
    const told = saying([
      ['Hello there.', -0.01],
      ['Good morning.', -0.01],
    ]);
    const slow: Recogniser = {
      ...told,
      async *hear(recording, context) {
        for await (const segment of told.hear(recording, context)) {
          order.push(`recogniser: ${segment.text}`);
          yield segment;
        }
      },
    };
    await heardBy(slow, speech, undefined, { onSegment: ({ delta }) => order.push(`told: ${delta}`) });
    expect(order).toEqual([
      'recogniser: Hello there.',
      'told: Hello there.',
      'recogniser: Good morning.',
      'told:  Good morning.',
    ]);
  });
});

describe('a prompt', () => {
  const heeding = (prompt: Known, given: (string | undefined)[]): Recogniser => {
    const told = saying([['Hello there.', -0.01]]);
    return {
      ...told,
      capabilities: { ...told.capabilities, prompt },
      hear(recording, context) {
        given.push(recording.prompt);
        return told.hear(recording, context);
      },
    };
  };
  const first = speech.slice(0, 1);

  it('reaches a recogniser that heeds it', async () => {
    const given: (string | undefined)[] = [];
    const { losses } = await heardBy(heeding(true, given), first, 'en', { prompt: 'Gutenberg' });
    expect(given).toEqual(['Gutenberg']);
    expect(losses).toEqual([]);
  });

  it('is noted as ignored where the recogniser does not heed it, and as doubtful where nobody knows', async () => {
    const given: (string | undefined)[] = [];
    const denied = await heardBy(heeding(false, given), first, 'en', { prompt: 'Gutenberg' });
    const unknown = await heardBy(heeding('unknown', given), first, 'en', { prompt: 'Gutenberg' });
    expect(given).toEqual([undefined, 'Gutenberg']);
    expect(denied.losses).toMatchObject([{ kind: 'option-ignored', text: 'prompt', certainty: 'measured' }]);
    expect(unknown.losses).toMatchObject([{ kind: 'option-ignored', text: 'prompt', certainty: 'unknown' }]);
    expect(JSON.stringify([denied.losses, unknown.losses])).not.toContain('Gutenberg');
  });

  it('of nothing is none', async () => {
    const given: (string | undefined)[] = [];
    const { losses } = await heardBy(heeding(false, given), first, 'en', { prompt: ' \n' });
    expect([given, losses]).toEqual([[undefined], []]);
  });
});

describe('a translation', () => {
  const hello = saying([['Hello there.', -0.01]], 'any');
  const chinese = saying([['你好。', -0.01]], ['zh']);
  const task = 'translate';

  it('of English is what was heard', async () => {
    const declared = await heardBy(hello, speech.slice(0, 1), 'en-GB', { task });
    const only = await heardBy(saying([['Hello there.', -0.01]]), speech.slice(0, 1), undefined, { task });
    expect(declared.transcript.text).toBe('Hello there.');
    expect(only.transcript.text).toBe('Hello there.');
  });

  it('of anything else is refused, also when nobody knows the language', async () => {
    const refused = { code: 'hear.language-unsupported', hint: expect.stringContaining('transcription') };
    await expect(heardBy(hello, speech, 'zh', { task })).rejects.toMatchObject(refused);
    await expect(heardBy(hello, speech, undefined, { task })).rejects.toMatchObject(refused);
    await expect(heardBy(chinese, speech, undefined, { task })).rejects.toMatchObject(refused);
  });
});

describe('recogniserFor', () => {
  it('names the recognisers it knows when asked for another', async () => {
    await expect(recogniserFor('nobody', { modelDir: async () => '' })).rejects.toMatchObject({
      code: 'hear.unknown-engine',
      hint: expect.stringContaining('moonshine-tiny'),
    });
  });
});

it('writes Chinese in the script that was asked for and says what it changed', async () => {
  const { transcript, losses } = await heardBy(saying([['頭 髮', -0.1]], 'any'), speech, undefined, {
    script: 'simplified',
  });
  expect(transcript.text).toBe('头发');
  expect(losses).toContainEqual(
    expect.objectContaining({ kind: 'script-converted', text: '頭髮', extent: 2, unit: 'characters' }),
  );
  const plain = await heardBy(saying([['頭 髮', -0.1]], 'any'), speech);
  expect(plain.transcript.text).toBe('頭髮');
});

it('tells voices apart where something can', async () => {
  const diariser: Diariser = {
    id: 'voices',
    diarise: async (recording) => recording.speech.map((span, at) => ({ ...span, speaker: String(at + 1) })),
    close: async () => {},
  };
  const { transcript } = await heardBy(
    saying([
      ['hello', -0.1],
      ['good day', -0.1],
    ]),
    speech,
    undefined,
    { diariser },
  );
  expect(transcript.segments.map(({ speaker }) => speaker)).toEqual(['1', '2']);
  expect(transcript.text).toBe('hello good day');
});

describe('how it was said', () => {
  it('is told where that is wanted, else measured for the ledger alone', async () => {
    const plain = await heardBy(saying([['hello', -0.1]]), speech);
    expect(plain.transcript.enriched).toBeUndefined();
    expect(plainTextOf(plain.transcript.tone as Enriched)).toBe(plain.transcript.text);
    const wanted = await heardBy(saying([['hello', -0.1]]), speech, undefined, { tone: true });
    expect(plainTextOf(wanted.transcript.enriched as Enriched)).toBe(wanted.transcript.text);
    expect(wanted.transcript.tone).toBeUndefined();
  });

  it('is a loss where the sound does not tell only if it was wanted', async () => {
    const overdriven = { finding: { ...findingOf(speech), clippedRatio: 0.5 } };
    const plain = await heardBy(saying([['hello', -0.1]]), speech, undefined, overdriven);
    expect(plain.transcript.tone?.withheld).toMatch(/./);
    expect(plain.losses.filter(({ kind }) => kind === 'paralinguistic')).toEqual([]);
    const wanted = await heardBy(saying([['hello', -0.1]]), speech, undefined, { ...overdriven, tone: true });
    expect(wanted.losses.filter(({ kind }) => kind === 'paralinguistic')).toHaveLength(1);
  });

  it('never fails a hearing that did not ask for it, but for being called off', async () => {
    const broken = (after: () => void) => ({
      sound: {
        sampleRateHz: 16_000 as const,
        async *pcm(): AsyncGenerator<Float32Array> {
          yield new Float32Array(160);
          after();
          throw new Error('gone');
        },
      },
    });
    const { transcript } = await heardBy(
      saying([['hello', -0.1]]),
      speech,
      undefined,
      broken(() => {}),
    );
    expect([transcript.text, transcript.tone]).toEqual(['hello', undefined]);
    await expect(
      heardBy(saying([['hello', -0.1]]), speech, undefined, { ...broken(() => {}), tone: true }),
    ).rejects.toThrow('gone');
    const stop = new AbortController();
    const hearing = { part: 'part-1', finding: findingOf(speech), ...broken(() => stop.abort()) };
    const called = hear(hearing, saying([['hello', -0.1]]), { signal: stop.signal, note: () => {} });
    await expect(called).rejects.toMatchObject({ code: 'kit.cancelled' });
  });
});
