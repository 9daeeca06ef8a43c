import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dictionaryFrom } from '#words/index.ts';
import { applyEdits } from '../gate/index.ts';
import {
  correctionPrompt,
  heardIn,
  type Passage,
  passagesOf,
  proposalFrom,
  verified,
  withCandidates,
} from './index.ts';

const TEXT = '他浮着墙慢慢走。她在公员里等你呢。';
const HEARD = heardIn(TEXT, [
  { text: '他浮着墙慢慢走。' },
  { text: '她在公员里等你呢。', second: { engine: 'other', text: '她在公园里等你呢。', agreement: 0.8 } },
]);
const doubt = (start: number, end: number, pError = 0.6, candidates: readonly string[] = []) => ({
  ...{ start, end, pError, candidates },
});
const asked = (): Passage[] => {
  const [first] = passagesOf(TEXT, HEARD, [doubt(1, 2, 0.6, ['扶']), doubt(10, 11), doubt(11, 12)]);
  return withCandidates(first ?? [], null);
};

describe('passagesOf', () => {
  it('takes the stretches with doubtful places, neighbours as one place', () => {
    expect(asked()).toEqual([
      {
        ...{ start: 0, text: '他浮着墙慢慢走。', second: null },
        places: [{ number: 1, start: 1, end: 2, text: '浮', candidates: ['扶'] }],
      },
      {
        ...{ start: 8, text: '她在公员里等你呢。', second: '她在公园里等你呢。' },
        places: [{ number: 2, start: 2, end: 4, text: '公员', candidates: ['公园'] }],
      },
    ]);
    expect(passagesOf(TEXT, HEARD, [])).toEqual([]);
    expect(passagesOf(TEXT, [], [doubt(1, 2)])).toEqual([]);
  });

  it('asks about the most doubtful places only, a few at once, and of a long passage what stands around them', () => {
    const long = '一二三四五六七八九十'.repeat(60);
    const doubts = Array.from({ length: 50 }, (_, at) => doubt(at * 12, at * 12 + 1, 0.5 + at / 200));
    const questions = passagesOf(long, [{ start: 0, end: 600, second: long }], doubts);
    const places = questions.flat().flatMap((passage) => passage.places);
    expect(places).toHaveLength(24);
    expect(questions).toHaveLength(3);
    for (const [passage] of questions) expect([...(passage?.text ?? '')].length).toBeLessThan(300);
    for (const passage of questions.flat()) {
      expect([...long].slice(passage.start, passage.start + [...passage.text].length).join('')).toBe(passage.text);
      for (const { start, end, text } of passage.places)
        expect([...passage.text].slice(start, end).join('')).toBe(text);
      expect(passage.second).toBeNull();
    }
    expect(Math.min(...questions.flat().map(({ start }) => start))).toBeGreaterThan(200);
  });

  it('finds segments among other words, and passes over what is not there', () => {
    expect(heardIn('[00:01] 𠮷好 [00:02] 好', [{ text: '𠮷好' }, { text: '不在' }, { text: '好' }])).toEqual([
      { start: 8, end: 10, second: null },
      { start: 19, end: 20, second: null },
    ]);
  });
});

describe('withCandidates', () => {
  it('knows characters of the same sound that would be more probable', async () => {
    const dictionary = await dictionaryFrom('扶着 500\n浮 5\n着 5\n他 900');
    const [passages = []] = passagesOf('他浮着', [{ start: 0, end: 3, second: null }], [doubt(1, 2)]);
    expect(withCandidates(passages, dictionary)[0]?.places[0]?.candidates).toEqual(['扶']);
  });
});

describe('correctionPrompt', () => {
  it('numbers the places and tells what may stand there, in the language of the text', () => {
    const [system, user] = correctionPrompt(asked(), 'zh', ['公园']);
    expect(system?.content).toContain('JSON');
    expect(user?.content).toBe(
      '文字稿：\n他[1:浮]着墙慢慢走。\n她在[2:公员]里等你呢。\n\n每处的候选：\n1: 浮、扶\n2: 公员、公园\n\n可能出现的词：公园\n\n' +
        '现在写的是：{"1":"浮","2":"公员"}\n应该写成：',
    );
    expect(correctionPrompt(asked(), 'en')[1]?.content).toMatch(/^Transcript:[\s\S]*Candidates:/);
  });
});

describe('proposalFrom', () => {
  const want = [
    [1, '扶'],
    [2, '公园'],
  ];
  it.each([
    '{"1":"扶","2":"公园"}',
    '```json\n{"1": "扶", "2": "公园"}\n```',
    '好的，这是结果：{"1":"扶","2":"公园"} 希望对你有帮助。',
    '<think>1 可能是 {"1":"浮"}</think>{"1":"扶","2":"公园"}',
    '{"1":"扶","2":"公园',
    '{"1":"扶","2":"公园"',
    '{"[1]":"浮 → 扶","[2]":"公员->公园"}',
    '{"1":{"text":"扶"},"2":{"text":"公园"}}',
    '["扶","公园"]',
    '[{"number":1,"text":"扶"},{"number":2,"text":"公园"}]',
    '{"1":"扶","2":"公园","3":"多余"}',
    '1: 扶\n2: 公园',
    '[1] 扶\n[2] 公园'.replaceAll('] ', ']: '),
    '1. “扶”\n2. “公园”',
    '1、扶\n2、公园',
    '他[1:扶]着墙慢慢走。\n她在[2:公园]里等你呢。',
    '{"1":"扶","2":"公园"}\n{"1":"浮","2":"公员"}',
  ])('reads %s', (answer) => {
    expect([...(proposalFrom(answer, asked())?.places ?? [])]).toEqual(want);
  });

  it('reads whole lines, and nothing of what it cannot read', () => {
    const lines = proposalFrom('他扶着墙慢慢走。\n她在公园里等你呢。', asked());
    expect([...(lines?.lines ?? [])]).toEqual([
      [0, '他扶着墙慢慢走。'],
      [1, '她在公园里等你呢。'],
    ]);
    for (const answer of ['', '我不能回答。', '{}', '{"a":"b"}', '{"9":"扶"}', '[]', '<think>'])
      expect(proposalFrom(answer, asked())).toBeNull();
  });

  it('takes any answer', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', '1', '2', '扶', '\n', '\\', ',', 'x') }),
        (answer) => {
          const proposal = proposalFrom(answer, asked());
          if (proposal) verified(asked(), proposal, {});
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('verified', () => {
  const check = (answer: string, options = {}) => {
    const proposal = proposalFrom(answer, asked());
    if (!proposal) throw new Error('Nothing was proposed.');
    return verified(asked(), proposal, options);
  };

  it('lets through what sounds the same, placed in the whole text', () => {
    const { edits, refused } = check('{"1":"扶","2":"公园"}');
    expect(edits).toEqual([
      { start: 1, end: 2, before: '浮', after: '扶', by: 'correction' },
      { start: 11, end: 12, before: '员', after: '园', by: 'correction' },
    ]);
    expect(refused).toEqual({});
    expect(applyEdits(TEXT, edits)).toBe('他扶着墙慢慢走。她在公园里等你呢。');
  });

  it('refuses what sounds otherwise, what empties a place, and what is no correction of it', () => {
    expect(check('{"1":"推","2":"公员"}')).toMatchObject({ edits: [], refused: { 'other-sound': 1 } });
    expect(check('{"1":"","2":"公员"}')).toMatchObject({ edits: [], refused: { empty: 1 } });
    expect(check('{"1":"扶着墙慢慢走过去然后停下来","2":"公员"}')).toMatchObject({ edits: [], refused: { longer: 1 } });
  });

  it('changes nothing outside the doubtful places, and keeps the particles', () => {
    const { edits, refused } = check('他浮着强慢慢走。\n她在公园里等你。');
    expect(edits).toEqual([{ start: 11, end: 12, before: '员', after: '园', by: 'correction' }]);
    expect(refused).toEqual({ 'not-doubtful': 1, particle: 1 });
  });

  it('refuses a character that sounds so in other words only', () => {
    const [passages = []] = passagesOf('鞋子有点摩脚。', [{ start: 0, end: 7, second: null }], [doubt(4, 5)]);
    const tell = (word: string) => verified(passages, { places: new Map([[1, word]]), lines: new Map() }, {});
    expect(tell('无')).toMatchObject({ edits: [], refused: { 'other-sound': 1 } });
    expect(tell('磨')).toMatchObject({ edits: [{ before: '摩', after: '磨' }], refused: {} });
  });

  it('leaves the space around a word as it was', () => {
    const text = 'put the flower in the bowl';
    const [passages = []] = passagesOf(text, [{ start: 0, end: 26, second: null }], [doubt(7, 14)]);
    const { edits } = verified(passages, { places: new Map([[1, 'flour']]), lines: new Map() }, {});
    expect(applyEdits(text, edits)).toBe('put the flour in the bowl');
  });
});
