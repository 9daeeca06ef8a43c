import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseForSpeech } from './normalise.ts';

const said = (language: string) => (written: string) => normaliseForSpeech(written, { language }).text;

describe('English', () => {
  test.each([
    [
      'In 2026, about 1,500 people paid $9.99.',
      'In twenty twenty six, about one thousand five hundred people paid nine dollars ninety nine cents.',
    ],
    [
      'The 1500 users walked 1500 km at 5 km/h.',
      'The one thousand five hundred users walked one thousand five hundred kilometers at five kilometers per hour.',
    ],
    ['Meet me at 5 p.m. on Nov. 23, 2026.', 'Meet me at five PM on November twenty third, twenty twenty six.'],
    [
      'It is -5°C, or 23°F, ±2%.',
      'It is minus five degrees Celsius, or twenty three degrees Fahrenheit, plus or minus two percent.',
    ],
    [
      'World War II ended in 1945; Henry VIII died.',
      'World War two ended in nineteen forty five; Henry the eighth died.',
    ],
    ['Super Bowl LVIII, an IV drip, and I said so.', 'Super Bowl fifty eight, an IV drip, and I said so.'],
    [
      'Call +1 (555) 123-4567 or 911.',
      'Call plus one, five five five, one two three, four five six seven or nine one one.',
    ],
    [
      'Use Node.js v20.20.0 & Python 3.12.',
      'Use Node dot JS v twenty point twenty point zero and Python three point one two.',
    ],
    [
      '5 - 3 = 2, x^2, 10 / 2 = 5 and 3 × 4.',
      'five minus three equals two, x squared, ten divided by two equals five and three times four.',
    ],
    [
      'a ratio of 16:9, a score of 3-1, 5-7 days',
      'a ratio of sixteen to nine, a score of three to one, five to seven days',
    ],
    ['I/O, R&D, C++, C# and and/or', 'I O, R and D, C plus plus, C sharp and and or'],
    [
      '$5M, €3.50, £20k, USD 50, $5-10',
      'five million dollars, three euros fifty cents, twenty thousand pounds, fifty US dollars, five to ten dollars',
    ],
    [
      '1990-1995, the 1990s and the 80s',
      'nineteen ninety to nineteen ninety five, the nineteen nineties and the eighties',
    ],
    ['On 2026-11-23 at 14:05 UTC', 'On November twenty third twenty twenty six at fourteen oh five UTC'],
    ['A 10-year-old ran 100m in 9.58s.', 'A ten-year-old ran one hundred meters in nine point five eight seconds.'],
    [
      'No. 5, St. Louis vs. Mt. Everest, pp. 5-10, e.g. this.',
      'number five, Saint Louis versus Mount Everest, pages five to ten, for example this.',
    ],
    ['1/2 cup, 1½ cups, 3/4 of it, 24/7', 'one half cup, one and a half cups, three quarters of it, twenty four seven'],
    ['I scored 95/100.', 'I scored ninety five out of one hundred.'],
    ['may 5 people come? In May 2020 or on May 5.', 'may five people come? In May twenty twenty or on May fifth.'],
    ['GPT-4, MP3, H2O and 007', 'GPT-four, MP three, H two O and zero zero seven'],
    ['Dr. Li lives at 221B Baker St. in the U.S.', 'Doctor Li lives at two twenty one B Baker Street in the US.'],
    ['Mail jo.doe@example.com today', 'Mail jo dot doe at example dot com today'],
    [
      'In 2024 sales grew; in 2019 as in 1900.',
      'In twenty twenty four sales grew; in twenty nineteen as in nineteen hundred.',
    ],
    ['the 22nd of 100, the 1st', 'the twenty second of one hundred, the first'],
  ])('%s', (written, spoken) => {
    expect(said('en-US')(written)).toBe(spoken);
  });
});

describe('Chinese', () => {
  test.each([
    ['今天是2026年11月23日，气温-5°C。', '今天是二零二六年十一月二十三日，气温负五摄氏度。'],
    ['增长了50%，圆周率是3.14。', '增长了百分之五十，圆周率是三点一四。'],
    ['2000年前有1000年的历史，20年过去了。', '两千年前有一千年的历史，二十年过去了。'],
    [
      '拨打110，手机13812345678，座机010-62345678。',
      '拨打幺幺零，手机幺三八幺二三四五六七八，座机零幺零，六二三四五六七八。',
    ],
    ['14:05开始，8:00-17:00上班，2:30pm结束。', '十四点零五分开始，八点到十七点上班，下午两点三十分结束。'],
    [
      '￥13.5，$9.99，2元，12元，200元，2000元，20000元',
      '十三点五元，九点九九美元，两元，十二元，二百元，两千元，两万元',
    ],
    ['2个人，第2名，2月2号，2楼，2年级，2年，2点半', '两个人，第二名，二月二号，二楼，二年级，两年，两点半'],
    ['2.5倍，2%，2/3，22个，102个，2亿', '二点五倍，百分之二，三分之二，二十二个，一百零二个，两亿'],
    ['比分3:2，3-5天，10~20个，2010-2020年', '比分三比二，三到五天，十到二十个，二零一零到二零二零年'],
    ['302室，G1024次列车，尾号8876', '三零二室，G幺零二四次列车，尾号八八七六'],
    ['身高1.75m，70kg，100km/h，120㎡，2kg', '身高一点七五米，七十千克，一百千米每小时，一百二十平方米，两千克'],
    ['10001000和10100000', '一千万一千和一千零一十万'],
    ['3又1/2，½杯，-98%，10%-20%', '三又二分之一，二分之一杯，负百分之九十八，百分之十到百分之二十'],
    ['公元前221年，98年5月，2026/3/5', '公元前二二一年，九八年五月，二零二六年三月五日'],
    ['5+3=8，5-3=2，x>5，A&B，C++', '五加三等于八，五减三等于二，x大于五，A和B，C加加'],
    ['iPhone15、4K、A380', 'iPhone十五、四K、A三八零'],
  ])('%s', (written, spoken) => {
    expect(said('zh-CN')(written)).toBe(spoken);
  });
});

test('another language is left as it is', () => {
  expect(normaliseForSpeech('5 Uhr', { language: 'de' })).toEqual({ text: '5 Uhr', changes: [] });
});

test('changes map words back to what was written', () => {
  const written = 'On May 5, pay $9.99.';
  const { text, changes } = normaliseForSpeech(written, { language: 'en' });
  expect(
    changes.map(({ from, to, class: kind }) => [
      written.slice(from.start, from.end),
      text.slice(to.start, to.end),
      kind,
    ]),
  ).toEqual([
    ['May 5', 'May fifth', 'date'],
    ['$9.99', 'nine dollars ninety nine cents', 'money'],
  ]);
});

const part = fc.constantFrom(
  ...[
    '5',
    '12',
    '1999',
    '0',
    '007',
    '1,000',
    '3.14',
    '.5',
    '1/2',
    '½',
    '2:30',
    '10:00:00',
    '$',
    '€5',
    '%',
    '-',
    '–',
    '+',
    '=',
    '/',
    '#',
    '@',
    '&',
    '°C',
  ],
  ...[
    'kg',
    ' km/h',
    ' p.m.',
    'Jan. ',
    'May ',
    'the ',
    'Dr. ',
    'St. ',
    'Elm ',
    'II',
    'Henry ',
    'a@b.co',
    'x.y',
    'th',
    's',
    ' ',
    ', ',
    '. ',
    "'",
    '"',
  ],
  ...['年', '月', '日', '第', '个', '点', '万', '电话', '2', '号', '~', '比分', '你好', '，', '👍', '\ud800'],
);
const sentence = fc.array(part, { maxLength: 20 }).map((parts) => parts.join(''));

describe.each(['en', 'zh'])('any text, %s', (language) => {
  test('what stands between changes is untouched', () => {
    fc.assert(
      fc.property(sentence, (written) => {
        const { text, changes } = normaliseForSpeech(written, { language });
        let from = 0;
        let to = 0;
        for (const change of [
          ...changes,
          { from: { start: written.length, end: 0 }, to: { start: text.length, end: 0 } },
        ]) {
          expect(change.to.start).toBeGreaterThanOrEqual(to);
          expect(text.slice(to, change.to.start).trim()).toBe(written.slice(from, change.from.start).trim());
          from = change.from.end;
          to = change.to.end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('no digit is left for the pronouncer', () => {
    fc.assert(
      fc.property(sentence, (written) => {
        expect(normaliseForSpeech(written, { language }).text).not.toMatch(/\d/u);
      }),
      { numRuns: 2000 },
    );
  });

  test('long runs of anything are not slow', () => {
    for (const unit of ['1', '1,', '1-', 'a.', 'a@', '$', '1/', 'A', '年', ' ', '1 ', '2年', '"', 'Elm '])
      expect(normaliseForSpeech(unit.repeat(2000), { language }).text.length).toBeGreaterThan(0);
  });
});
