import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Loss, lossOf } from '#contract/loss.ts';
import { type Changes, found, ledgerOf, mitigationOf, none, rareOf, spanOf, within } from '../__fixtures__/ledger.ts';
import { NOTHING_CAME_THROUGH } from './blank.ts';
import { judge } from './verdict.ts';

const said = (changes: Changes, language: 'en' | 'zh' = 'en') => ledgerOf({ ...changes, language }).verdict.headline;
const note = (kind: Loss['kind']) => lossOf({ kind, stage: 'perceive', part: 'part-1', message: 'x' });

describe('the headline', () => {
  it('names what all three losses come to, and what was won back', () => {
    const much: Changes = {
      spans: [
        spanOf(),
        spanOf({ start: 20, end: 21, pError: 1, alternatives: [] }),
        spanOf({ start: 30, alternatives: [] }),
      ],
      conversion: { particleSlotsUnfilled: found(1) },
      model: { rare: [rareOf('𬬱')], rareCharacters: found(1) },
      mitigations: [mitigationOf({ id: 'gloss', editsAccepted: 1 })],
    };
    expect(said({ ...much, accuracy: { deletedChars: found(0) } }, 'zh')).toBe(
      '约 2 处可能听错（第 12 字“抚/扶”音近）；句末语气词可能缺 1 处；“𬬱”模型未必认识，已加注音。',
    );
    expect(said(much)).toBe(
      'About 2 places may be misheard (character 12: “抚” or “扶”, similar sound); about 1 particle may be missing; the model may not know “𬬱”, so a gloss was added.',
    );
  });

  it('expects as many errors as calibrated probabilities add up to, and counts places that have none', () => {
    const spans = (pError: number, pErrorKind: 'raw' | 'calibrated') =>
      Array.from({ length: 10 }, (_, at) => spanOf({ start: at, end: at + 1, pError, pErrorKind, alternatives: [] }));
    expect(said({ spans: spans(0.3, 'calibrated') }, 'zh')).toMatch(/^约 3 处/);
    expect(said({ spans: spans(0.3, 'raw') }, 'zh')).toMatch(/^约 10 处/);
    expect(said({ spans: spans(0.04, 'calibrated') })).toMatch(/^Perhaps 1 place may be misheard/);
    expect(said({ spans: spans(0.04, 'calibrated') }, 'zh')).toMatch(/^也许有 1 处可能听错/);
    expect(said({ spans: spans(0.3, 'raw'), spansSummarised: 5 })).toMatch(/^At least 10 places may be misheard/);
  });

  it.each<[Changes, string, string]>([
    [{ losses: [note('media-dropped')] }, '1 part did not reach the model.', '1 个部分没有送达模型。'],
    [
      { accuracy: { hallucinationSignals: ['known-phrase'], hallucination: none() } },
      'Some of the text may never have been said.',
      '部分文字可能没有人说过。',
    ],
    [
      { accuracy: { hallucination: found(0.8) } },
      'Some of the text may never have been said (80 %).',
      '部分文字可能没有人说过（80%）。',
    ],
    [{ accuracy: { errorRate: within(0.3, 0.2, 0.4) } }, 'About 30 % of the text is wrong.', '文字约有 30% 是错的。'],
    [
      { accuracy: { deletedChars: found(4.4) } },
      'About 4 characters that were said may be missing.',
      '可能漏听约 4 字。',
    ],
    [{ losses: [note('not-described')] }, 'What the pictures show was not told.', '画面内容没有描述。'],
    [{ conversion: { regionsUnread: found(1) } }, '1 place with writing was not read.', '有 1 处文字没有读出。'],
    [
      { conversion: { questionIntonation: found(0.8) } },
      'A sentence may be a question by its tone alone (80 %).',
      '有句话可能只凭语调在发问（80%）。',
    ],
    [
      { conversion: { emotion: found(1.2) } },
      'A feeling in the voice was not told (1 place).',
      '有 1 处声音里的情感没有告诉模型。',
    ],
    [
      { conversion: { prosody: found(7) } },
      '7 pauses and changes of the voice were not told.',
      '有 7 处停顿与语调没有告诉模型。',
    ],
    [
      {
        model: {
          rare: [
            rareOf('𬬱'),
            rareOf('𡋾', { risk: null }),
            rareOf('好', { risk: 0.1 }),
            rareOf('□', { unwritable: true }),
          ],
        },
      },
      'The model may not know “𬬱” and 1 other rare character.',
      '“𬬱”等 2 字模型未必认识。',
    ],
    [
      {
        spans: [
          spanOf({
            class: 'homophone',
            pErrorKind: 'raw',
            text: '期中',
            end: 13,
            alternatives: [{ text: '期终', p: 0.7, by: 'same-sound' }],
          }),
        ],
      },
      '1 word sounds like a commoner one (characters 12–13: “期中” or “期终”, same sound).',
      '有 1 处与更常用的词同音（第 12–13 字“期中/期终”同音）。',
    ],
    [
      { mitigations: [mitigationOf(), mitigationOf({ id: 'escalation', editsAccepted: null, editsProposed: null })] },
      '3 places were corrected (4 proposed); the doubtful places went along as they are.',
      '已更正 3 处（提议 4 处）；可疑之处已附上原件。',
    ],
    [
      { losses: [note('downscaled'), note('noisy'), note('noisy'), note('layout')] },
      '4 other losses (scaled down, noisy sound, …).',
      '另有 4 项损失（缩小、噪声大等）。',
    ],
    [{ losses: [note('not-spoken')] }, '1 piece of the answer was not spoken.', '回答中有 1 处没有念出。'],
    [
      { spans: [spanOf({ class: 'character', alternatives: [] })] },
      'About 1 place may be misread (character 12: “抚”).',
      '约 1 处可能读错（第 12 字“抚”）。',
    ],
    [
      { losses: [note('paralinguistic')] },
      'How it was said was not told, or not all of it.',
      '说话方式没有（全部）告诉模型。',
    ],
    [{}, 'Nothing doubtful was found.', '未发现可疑之处。'],
    [{ conversions: [] }, 'Nothing had to be converted.', '没有需要转换的内容。'],
    [
      { accuracy: { deletedChars: none() } },
      'Nothing doubtful was found in what was measured; not everything was.',
      '已测量的方面未发现可疑之处，但并非都已测量。',
    ],
  ])('says in both languages what there is: %#', (changes, en, zh) => {
    expect(said(changes)).toBe(en);
    expect(said(changes, 'zh')).toBe(zh);
  });

  it('tells how much of a video nobody looked at, and a picture of which nothing came through', () => {
    const { inputs, conversions } = ledgerOf();
    const watched = conversions.map((one) => ({ ...one, op: 'watch' }));
    const conversion = { timeUnseen: found(0.4), regionsUnread: found(0) };
    expect(said({ conversions: watched, conversion })).toBe('40 % of the video was not looked at.');
    const blank = inputs.map((one) => ({ ...one, fate: `text by eyes, ${NOTHING_CAME_THROUGH}` }));
    expect(ledgerOf({ inputs: blank, losses: [note('not-described')] }).verdict).toMatchObject({
      level: 'poor',
      headline: 'Nothing of 1 picture came through.',
    });
  });

  it('names at most four things and counts the others', () => {
    const losses = (['media-dropped', 'not-described', 'not-spoken', 'noisy'] as const).map(note);
    const conversion = { prosody: found(1), emotion: found(2) };
    expect(said({ losses, conversion })).toMatch(/; and 2 more in the ledger\.$/);
    expect(said({ losses, conversion }, 'zh')).toMatch(/；账本里另有 2 条。$/);
  });

  it('says in which part a place is where there are several, and cuts long quotes to one line', () => {
    const { inputs } = ledgerOf();
    const text = `${'字'.repeat(20)}\n\u001b[31m`;
    expect(said({ inputs: [...inputs, ...inputs], spans: [spanOf({ text, alternatives: [] })] }, 'zh')).toBe(
      `约 1 处可能听错（part-1 第 12 字“${'字'.repeat(12)}…”）。`,
    );
    expect(said({ spans: [spanOf({ text: null })] })).toBe('About 1 place may be misheard (character 12).');
  });
});

describe('the level', () => {
  it.each<[string, Changes, string]>([
    ['all was looked for and nothing found', {}, 'ok'],
    ['what no text can carry', { conversion: { prosody: found(4), particleSlotsUnfilled: found(2) } }, 'ok'],
    ['tone that was not told', { losses: [note('paralinguistic')] }, 'ok'],
    ['a doubtful place', { spans: [spanOf()] }, 'caution'],
    ['a loss', { losses: [note('noisy')] }, 'caution'],
    ['a sign of text nobody said', { accuracy: { hallucinationSignals: ['too-fast'] } }, 'caution'],
    ['every fifth word wrong', { accuracy: { errorRate: within(0.2, 0.1, 0.3) } }, 'poor'],
    ['text that was probably never said', { accuracy: { hallucination: found(0.5) } }, 'poor'],
    ['errors nobody looked for', { accuracy: { errorRate: { ...none(), low: null, high: null } } }, 'unknown'],
    ['words left out nobody looked for', { accuracy: { deletedChars: none() } }, 'unknown'],
  ])('%s: %#', (_, changes, level) => {
    expect(ledgerOf(changes).verdict.level).toBe(level);
  });

  it('is never better because a figure is missing', () => {
    const order = ['ok', 'unknown', 'caution', 'poor'];
    const missing = { ...none(), low: null, high: null };
    const figure = (most: number) => fc.double({ min: 0, max: most, noNaN: true });
    fc.assert(
      fc.property(figure(1), figure(9), figure(9), fc.boolean(), fc.boolean(), (rate, deleted, unread, seen, noted) => {
        const conversions = ledgerOf().conversions.map((one) => ({ ...one, op: seen ? 'watch' : 'hear' }));
        const all: Changes = {
          conversions,
          accuracy: { errorRate: within(rate, 0, 1), deletedChars: found(deleted) },
          conversion: { regionsUnread: seen ? found(unread) : none() },
          losses: noted ? [note('noisy')] : [],
        };
        const before = ledgerOf(all).verdict.level;
        const without: Changes[] = [
          { ...all, accuracy: { ...all.accuracy, errorRate: missing } },
          { ...all, accuracy: { ...all.accuracy, deletedChars: missing } },
          { ...all, conversion: { regionsUnread: missing } },
        ];
        for (const { verdict } of without.map(ledgerOf)) {
          if (verdict.level === 'ok') expect(before).toBe('ok');
          expect(order).toContain(verdict.level);
        }
      }),
    );
  });
});

it('lists what nobody measured, in the language of the headline, and only what could have been lost', () => {
  const nothing = { ...none(), low: null, high: null };
  const ledger = ledgerOf({
    accuracy: { errorRate: nothing, deletedChars: nothing, hallucination: nothing },
    conversion: { prosody: nothing, emotion: nothing },
    model: { tokenizer: null, homophones: nothing },
  });
  expect(ledger.verdict.unknowns).toEqual([
    ...['how much is wrong', 'words left out', 'words never said', 'pauses and tone', 'emotion'],
    ...['how the model splits the text', 'words of the same sound'],
  ]);
  expect(judge(ledger, 'zh').unknowns).toHaveLength(7);
  const particles = {
    ...ledger,
    loss: { ...ledger.loss, conversion: { ...ledger.loss.conversion, particleSlotsUnfilled: nothing } },
  };
  expect(judge(particles, 'en').unknowns).toContain('missing particles');
  const english = ledger.conversions.map((one) => ({ ...one, language: 'en' }));
  expect(judge({ ...particles, conversions: english }, 'en').unknowns).not.toContain('missing particles');
  expect(judge({ ...ledger, conversions: [] }, 'zh').unknowns).toEqual([]);
});

it('has words for every kind of loss in both languages', () => {
  for (const kind of Loss.shape.kind.options) {
    for (const language of ['en', 'zh'] as const)
      expect(said({ losses: [note(kind)] }, language)).not.toContain('undefined');
  }
});
