import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dictionaryFrom, loadOneSpelling } from '#words/index.ts';
import { applyEdits, gate } from './gate.ts';

const why = (before: string, after: string, options = {}) => gate(before, after, options).refused.map(({ why }) => why);

test('what sounds the same, in another tone, or nearly the same comes through', () => {
  expect(gate('没录用的水手', '没路用的水手').text).toBe('没路用的水手');
  expect(gate('他抚养孩子', '他扶养孩子').text).toBe('他扶养孩子');
  expect(gate('四日是个好天', '是日是个好天').text).toBe('是日是个好天');
  expect(gate('回应撤斯指控', '回应撤资指控').accepted).toEqual([
    { start: 3, end: 4, before: '斯', after: '资', by: 'correction' },
  ]);
});

test('another sound does not', () => {
  const gated = gate('几乎停滞的情况', '几乎停止的消息');
  expect(gated.text).toBe('几乎停止的情况');
  expect(gated.refused).toEqual([
    { edit: { start: 5, end: 7, before: '情况', after: '消息', by: 'correction' }, why: 'other-sound' },
  ]);
});

test('words that were misheard come back whole, although single characters of them sound otherwise', () => {
  expect(gate('装修应该新屋螃续地放弃', '装修应该心无旁骛地放弃').text).toBe('装修应该心无旁骛地放弃');
});

test('a text is never emptied, and no longer or shorter than it was', () => {
  expect(gate('今天去', '')).toMatchObject({ text: '今天去', refused: [{ why: 'empty' }] });
  expect(gate('今天去', ' \n')).toMatchObject({ text: '今天去', refused: [{ why: 'empty' }] });
  expect(gate('村委会且带头盖房', '村委会带头盖房')).toMatchObject({
    text: '村委会且带头盖房',
    refused: [{ why: 'shorter' }],
  });
  expect(gate('游人伤害的事', '游人深重伤害的事')).toMatchObject({
    text: '游人伤害的事',
    refused: [{ why: 'longer' }],
  });
});

test('asked for, words are put in and left out, and particles stay', () => {
  const free = { insertions: true, deletions: true };
  expect(gate('turn light on', 'turn the light on', free).text).toBe('turn the light on');
  expect(gate('the light', 'light', free)).toMatchObject({ text: ' light', charactersDeleted: 3 });
  expect(gate('你去不去啊我等你', '你去不去我等你', free)).toMatchObject({
    text: '你去不去啊我等你',
    refused: [{ why: 'particle' }],
  });
});

test('an answer in place of a correction is refused whole', () => {
  const answered = gate('请问北京今天的天气怎么样', '很抱歉，我无法提供实时信息，建议您查看气象网站。');
  expect(answered).toMatchObject({ text: '请问北京今天的天气怎么样', accepted: [], refused: [{ why: 'rewritten' }] });
});

test('numbers stay, however they are written', () => {
  expect(why('一共三十四个人', '一共三十四十个人')).toEqual(['longer']);
  expect(why('三十四个', '三十是个')).toEqual([]);
  expect(why('三十四个', '三十十个')).toEqual(['number']);
  expect(why('房间12号', '房间20号')).toEqual(['number']);
});

test('he and she sound the same and are not guessed', () => {
  expect(why('他离开了这里', '她离开了这里')).toEqual(['pronoun']);
});

test('another spelling of the same character is the writer’s business', async () => {
  const spelling = await loadOneSpelling();
  expect(gate('其馀九人', '其余九人').text).toBe('其余九人');
  expect(gate('其馀九人', '其余九人', { spelling })).toMatchObject({
    text: '其馀九人',
    refused: [{ why: 'spelling' }],
  });
  expect(gate('其馀九人', '其鱼九人', { spelling }).text).toBe('其鱼九人');
});

test('punctuation makes no sound: kept, or let through where that was asked for', () => {
  expect(gate('南京武汉都去', '南京、武汉都去。')).toMatchObject({
    text: '南京武汉都去',
    refused: [{ why: 'punctuation' }, { why: 'punctuation' }],
  });
  expect(gate('南京武汉都去', '南京、武汉都去。', { punctuation: 'accept' }).text).toBe('南京、武汉都去。');
  expect(gate('买了甘汉方法', '买了甘，汗方法').text).toBe('买了甘汗方法');
});

test('English words by how they are spoken and spelled', () => {
  expect(gate('I want to meat you their', 'I want to meet you there').text).toBe('I want to meet you there');
  expect(gate('I can go now', "I can't go now").text).toBe('I can go now');
  expect(gate('打开 kernal 设置', '打开 kernel 设置').accepted).toEqual([
    { start: 3, end: 9, before: 'kernal', after: 'kernel', by: 'correction' },
  ]);
});

test('nothing is known of how Japanese writes its sounds', () => {
  expect(why('これは公演です', 'これは講演です')).toEqual(['other-sound']);
});

test('what a second reader heard is let through; what both heard must sound nearer', () => {
  expect(gate('温证讯我村', '温州讯我村').text).toBe('温证讯我村');
  expect(gate('温证讯我村', '温州讯我村', { second: '温州讯我村' }).text).toBe('温州讯我村');
  expect(gate('回应撤斯指控', '回应撤资指控', { second: '回应撤斯指控' }).text).toBe('回应撤斯指控');
  expect(gate('没录用的水手', '没路用的水手', { second: '没录用的水手' }).text).toBe('没路用的水手');
});

test('a dictionary refuses what makes the text much less likely', async () => {
  const dictionary = await dictionaryFrom(
    '资金 9000 n\n回应 8000 v\n撤资 4000 v\n撤 300 v\n思 2 n\n资 100 n\n斯 40 n\n',
  );
  expect(gate('回应撤斯', '回应撤资', { dictionary }).text).toBe('回应撤资');
  expect(gate('回应撤资', '回应撤思', { dictionary })).toMatchObject({
    text: '回应撤资',
    refused: [{ why: 'implausible' }],
  });
  expect(gate('回应撤资', '回应撤思').text).toBe('回应撤思');
});

test('somebody’s own edits go through the same gate', () => {
  const edits = [
    { start: 1, end: 2, before: '录', after: '路', by: 'glossary' as const },
    { start: 4, end: 5, before: '水', after: '选', by: 'glossary' as const },
  ];
  expect(gate('没录用的水手', applyEdits('没录用的水手', edits), { by: 'glossary' })).toMatchObject({
    text: '没路用的水手',
    accepted: [edits[0]],
    refused: [{ edit: edits[1] }],
  });
});

test('long texts are cut where they agree, and what is too different to be compared is refused', () => {
  const line = (index: number) => `第${'甲乙丙丁戊己庚辛壬癸'.charAt(index % 10)}行写着编号abc${index}的内容没录用。`;
  const before = Array.from({ length: 400 }, (_, index) => line(index)).join('');
  expect(gate(before, before.replaceAll('录用', '路用')).accepted).toHaveLength(400);
  const noise = (seed: number) =>
    Array.from({ length: 3000 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * seed) % 9973))).join('');
  expect(gate(noise(7), noise(13)).refused).toMatchObject([{ why: 'rewritten' }]);
});

test('whatever is proposed, the edits make the text, in order and apart, and nothing is lost', () => {
  const words = fc.constantFrom(
    '他',
    '她',
    '四',
    '是',
    '录',
    '路',
    '了',
    '吗',
    '，',
    '。',
    ' ',
    'meat',
    'meet',
    '12',
    '😀',
    'é',
    '\ud800',
    'あ',
  );
  const text = fc.oneof(
    fc.array(words, { maxLength: 30 }).map((all) => all.join('')),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  fc.assert(
    fc.property(
      text,
      text,
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom('keep' as const, 'accept' as const),
      (before, after, insertions, deletions, punctuation) => {
        const gated = gate(before, after, { insertions, deletions, punctuation });
        expect(applyEdits(before, gated.accepted)).toBe(gated.text);
        const points = Array.from(before);
        let last = 0;
        for (const edit of gated.accepted) {
          expect(edit.start).toBeGreaterThanOrEqual(last);
          expect(points.slice(edit.start, edit.end).join('')).toBe(edit.before);
          last = edit.end;
        }
        if (before.trim() !== '') expect(gated.text.trim()).not.toBe('');
        if (!deletions && punctuation === 'keep')
          expect(Array.from(gated.text.matchAll(/\p{Script=Han}/gu)).length).toBeGreaterThanOrEqual(
            Array.from(before.matchAll(/\p{Script=Han}/gu)).length,
          );
      },
    ),
  );
});

test('a stricter gate lets through less', () => {
  expect(gate('回应撤斯指控', '回应撤资指控', { steps: 0.5 }).text).toBe('回应撤斯指控');
  expect(gate('坏死的组织', '坏四的组织', { steps: 0 }).text).toBe('坏四的组织');
  expect(gate('他是老实人', '他四老实人', { steps: 0 }).text).toBe('他是老实人');
});
