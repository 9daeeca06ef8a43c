import type { Rule } from '../rule.ts';
import { cardinal, counting, digitByDigit } from './number.ts';
import { begin, finish, rx } from './pattern.ts';

const plain = (digits: string) => cardinal(String(Number(digits)));
const isMonth = (digits: string) => Number(digits) >= 1 && Number(digits) <= 12;
const isDay = (digits: string) => Number(digits) >= 1 && Number(digits) <= 31;
const eras: Readonly<Record<string, string>> = { ad: '公元', bc: '公元前', bce: '公元前', ce: '公元' };

/** 3000年前 and 1000年的历史 count years; 1997年 and 2000年 name one. */
function yearWords(digits: string, after: string): string {
  const value = Number(digits);
  const round = value % 100 === 0;
  const span = /^年(?:多|来|前|后|之|以|间|的?历史|的?时间)/u.test(after);
  const counts = value < 1000 || value >= 3000 || (value % 1000 === 0 && value !== 2000) || (round && span);
  return counts ? cardinal(digits) : digitByDigit(digits);
}

export const date: readonly Rule[] = [
  {
    class: 'date',
    pattern: rx(String.raw`${begin}([12]\d{3})([-/.])(\d{1,2})\2(\d{1,2})${finish}`),
    say: ({ group }) =>
      isMonth(group(3)) && isDay(group(4))
        ? `${digitByDigit(group(1))}年${plain(group(3))}月${plain(group(4))}日`
        : null,
  },
  {
    class: 'date',
    pattern: rx(String.raw`${begin}([12]\d{3}) ?[-–—~～至到] ?([12]\d{3})(?=年)`),
    say: ({ group }) => `${digitByDigit(group(1))}到${digitByDigit(group(2))}`,
  },
  {
    class: 'date',
    pattern: rx(String.raw`(?<=公元前?|纪元|西元前?)\d{1,4}(?=年)`),
    say: ({ text }) => digitByDigit(text),
  },
  {
    class: 'date',
    pattern: rx(String.raw`${begin}(\d{1,4}) ?(ad|bce?|ce|a\.d\.|b\.c\.)(?![A-Za-z])`, 'i'),
    say: ({ group }) => `${eras[group(2).replaceAll('.', '').toLowerCase()] ?? ''}${digitByDigit(group(1))}年`,
  },
  {
    class: 'date',
    pattern: rx(String.raw`${begin}(?:0\d(?=年)|\d{2}(?=年\d{1,2}月))`),
    say: ({ text }) => digitByDigit(text),
  },
  { class: 'date', pattern: rx(String.raw`${begin}\d{4}(?=年)`), say: ({ text, after }) => yearWords(text, after) },
  {
    class: 'date',
    pattern: rx(String.raw`${begin}(?:0?[1-9]|1[0-2])(?=月(?:份|底|初|中|\d|$|[^\d]))`),
    say: ({ text }) => plain(text),
  },
  {
    class: 'date',
    pattern: rx(String.raw`${begin}(?:0?[1-9]|[12]\d|3[01])(?=[日号])`),
    say: ({ text }) => plain(text),
  },
];

const clock = String.raw`([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?`;
const minutes = (digits: string) => (digits.startsWith('0') ? `零${plain(digits)}` : plain(digits));

export const time: readonly Rule[] = [
  {
    class: 'time',
    pattern: rx(String.raw`${begin}${clock}(?![\d:：])(?: ?([ap])\.?m\.?(?![A-Za-z]))?`, 'i'),
    say({ text, group }) {
      const [hour, minute, second] = [group(1), group(2), group(3)];
      const half = group(4).toLowerCase();
      const twelve = Number(hour) <= 12;
      const day = half === '' || !twelve ? '' : half === 'a' ? '上午' : '下午';
      const rest =
        second === ''
          ? Number(minute) === 0
            ? ''
            : `${minutes(minute)}分`
          : `${minutes(minute)}分${minutes(second)}秒`;
      // 13:10pm says the same thing twice; the letters stay as they were.
      const letters = half !== '' && !twelve ? text.slice(text.search(/[ap]/iu)) : '';
      return `${day}${counting(String(Number(hour)))}点${rest}${letters}`;
    },
  },
  {
    class: 'range',
    pattern: rx(String.raw`${begin}(\d{1,3}) ?[:：] ?(\d{1,3})(?![\d:：])`),
    say: ({ group }) => `${cardinal(group(1))}比${cardinal(group(2))}`,
  },
];
