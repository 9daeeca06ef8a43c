import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextLine } from '#contract/perception.ts';
import { type CrossChecked, crossCheck, type Said } from './cross-check.ts';

const size = { widthPx: 1_000, heightPx: 800 };

function line(text: string, heightPx = 80, confidence: number | null = 0.97): TextLine {
  return {
    ...{ text, start: 0, heightPx, confidence, confidenceSource: confidence === null ? null : 'a test' },
    box: [
      [0, 0],
      [9, 0],
      [9, 9],
      [0, 9],
    ],
    direction: 'horizontal',
    characters: [],
    unwritable: false,
  };
}

function checked(text: string, more: Partial<Said> = {}): CrossChecked {
  const language = /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
  return crossCheck({ text, lines: [], objects: [], language, size, ...more });
}
const omits = (text: string, ...written: string[]) => checked(text, { lines: written.map((one) => line(one)) }).omits;

describe('prominent writing', () => {
  it.each([
    ['A door with the sign “EXIT” above it.', 'EXIT'],
    ['A poster announces a summer sale.', 'SUMMER SALE 50%'],
    ['A shop front with closing-down posters.', 'Closing Down'],
    ['A letter from the Department of Transport.', 'DEPARTMENT 0F TRANSP0RTATION'],
    ['一扇门，上方写着“安全出口”。', '安全出口'],
    ['墙上的海报在宣传夏季促销活动。', '夏季大促销'],
    ['屏幕上是二〇二四年的销售额柱状图，标题为“年度销售额”。', '年度销售额'],
    ['A bus stop: it says 公交车站.', '公交车站'],
  ])('is told by %s', (text, written) => expect(omits(text, written)).toEqual([]));

  it.each([
    ['A door at the end of a corridor.', 'EXIT'],
    ['A painting of rain.', 'IN'],
    ['A poster on a wall.', 'SUMMER SALE 50%'],
    ['A receipt for 12 euros.', '1250'],
    ['走廊尽头有一扇门。', '安全出口'],
    ['一张柱状图。', '年度销售额'],
  ])('is not told by %s', (text, written) => expect(omits(text, written)).toEqual([`“${written}”`]));

  it('is large and surely read; the largest come first, and not without bound', () => {
    const lines = [line('small print', 31), line('guessed', 80, 0.5), line('unmeasured', 40, null), line('—', 99)];
    expect(checked('A wall.', { lines }).omits).toEqual(['“unmeasured”']);
    const many = Array.from({ length: 30 }, (_, at) => line(`word${'abcdefghij'[at % 10]}${at}`, 40 + at));
    const { omits: listed } = checked('A wall.', { lines: many });
    expect(listed.length).toBe(8);
    expect(listed[0]).toContain('29');
  });

  it('is compared in one kind of Chinese characters, and shown as it stands', () => {
    const simplify = (text: string) => text.replaceAll('營業', '营业').replaceAll('時間', '时间');
    const lines = [line('營業時間')];
    expect(checked('门上贴着营业时间。', { lines, simplify }).omits).toEqual([]);
    expect(checked('一扇门。', { lines, simplify }).omits).toEqual(['“營業時間”']);
  });
});

describe('objects', () => {
  const missing = (text: string, ...objects: string[]) => checked(text, { objects }).omits;

  it.each([
    ['Two men and a child walk their puppies.', ['person', 'man', 'dog']],
    ['A woman is riding her bike.', ['human face', 'bicycle', 'wheel']],
    ['Shelves full of knives.', ['knife', 'shelf']],
    ['There are potted plants on the tables.', ['potted plant', 'desk']],
    ['A capybara sits in a pond.', ['capybara']],
    ['一个男人牵着两条狗过马路。', ['person', 'dog', 'street']],
    ['桌上有一台电脑和一只杯子。', ['laptop', 'cup', 'table']],
    ['一只猫。', ['猫']],
    ['一只橙黑白相间的帝王蝶停在紫色菊花上。', ['butterfly', 'flower', 'insect']],
  ])('are mentioned in %s', (text, objects) => expect(missing(text, ...objects)).toEqual([]));

  it('that are not mentioned are listed, by their Chinese names in Chinese', () => {
    expect(missing('An empty street.', 'dog', 'traffic light', 'street', 'capybara')).toEqual([
      'dog',
      'traffic light',
      'capybara',
    ]);
    expect(missing('空荡荡的房间。', 'dog', 'umbrella')).toEqual(['狗', '伞']);
  });

  it('without a known name in the other language are neither told nor not', () => {
    expect(missing('空荡荡的街道。', 'capybara')).toEqual([]);
    expect(missing('An empty street.', '水豚')).toEqual([]);
  });
});

describe('what a description quotes', () => {
  const unread = (text: string, ...written: string[]) =>
    checked(text, { lines: written.map((one) => line(one)) }).unread;

  it.each([
    ['The sign says “No entry” in red.', ['NO ENTRY']],
    ["The sign says 'No entry', doesn't it?", ['No  Entry!']],
    ['It says "Fire exit keep clear".', ['FIRE EXIT', 'KEEP CLEAR']],
    ['It reads “Departrnent”.', ['Department']],
    ['牌子上写着“禁止停车”。', ['禁止', '停车']],
    ['門上寫着「推」。', ['推']],
    ['桌上放着《红楼梦》。', []],
    ['The dog’s bowl is empty; it’s red.', []],
    ['An arrow “→” points left.', []],
  ])('was read too: %s', (text, written) => expect(unread(text, ...written)).toEqual([]));

  it('and was not read is told with the line most like it', () => {
    expect(unread('A sign: “Open until 9 pm”.', 'Open until 6 pm', 'Welcome')).toEqual([
      { quoted: 'Open until 9 pm', nearest: 'Open until 6 pm' },
    ]);
    expect(unread('墙上写着“出口”和“安静”。', '入口')).toEqual([
      { quoted: '出口', nearest: '入口' },
      { quoted: '安静', nearest: null },
    ]);
    expect(unread('It says “hello”.')).toEqual([{ quoted: 'hello', nearest: null }]);
  });

  it('is not held against anybody when nobody read', () => {
    expect(checked('It says “hello”.', { lines: null }).unread).toEqual([]);
  });
});

it('takes an object for a word, whatever it is called', () => {
  for (const object of ['__proto__', 'constructor', 'toString'])
    expect(checked('', { objects: [object] }).omits).toEqual([object]);
});

it('takes any text, and never lists writing that the description repeats word for word', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  fc.assert(
    fc.property(text, text, text, (before, written, object) => {
      const lines = [line(written)];
      const said = checked(`${before} ${written} .`, { lines, objects: [object] });
      expect(said.omits.filter((one) => one === `“${written}”`)).toEqual([]);
      for (const { quoted } of said.unread) expect(quoted).not.toBe('');
    }),
    { numRuns: 300 },
  );
});
