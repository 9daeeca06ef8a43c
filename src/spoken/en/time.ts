import type { Rule } from '../rule.ts';
import { cardinal } from './number.ts';
import { begin, finish, rx } from './pattern.ts';

const half = String.raw`(?: ?([ap])\.? ?m(?![\p{L}\p{N}])\.?)`;
const zone = String.raw`(?: ?(e\.?[sd]?\.?t\.?|[cmp]\.?[sd]\.?t\.?|gmt|utc|cet|bst|jst)(?!\p{L}))`;
const hour = String.raw`([01]?\d|2[0-4])`;
const sixty = String.raw`([0-5]\d)`;

const count = (digits: string, unit: string) => `${cardinal(digits)} ${unit}${Number(digits) === 1 ? '' : 's'}`;
const letters = (written: string) => written.replaceAll('.', '').toUpperCase();

function clock(hours: string, minutes: string, halfDay: string): string {
  const name = cardinal(hours);
  if (Number(minutes) === 0) return halfDay === '' ? `${name} o'clock` : name;
  return `${name} ${minutes.startsWith('0') ? 'oh ' : ''}${cardinal(minutes)}`;
}

/** The last full stop of "5 p.m." may also end the sentence. */
const stop = (text: string, after: string) => (text.endsWith('.') && /^$|^\s+\p{Lu}/u.test(after) ? '.' : '');

export const time: readonly Rule[] = [
  {
    class: 'time',
    pattern: rx(String.raw`${begin}${hour}:${sixty}(?::${sixty})?(?![\p{N}:])${half}?${zone}?`, 'i'),
    say({ text, group, after }) {
      const [hours, minutes, seconds] = [group(1), group(2), group(3)];
      const day = group(4) === '' ? '' : ` ${group(4).toUpperCase()}M`;
      const place = group(5) === '' ? '' : ` ${letters(group(5))}`;
      const words =
        seconds === ''
          ? clock(hours, minutes, day)
          : `${count(hours, 'hour')} ${count(minutes, 'minute')} and ${count(seconds, 'second')}`;
      return words + day + place + stop(text, after);
    },
  },
  {
    class: 'time',
    pattern: rx(`${begin}${hour}(?:[.:]${sixty})?${half}${zone}?`, 'i'),
    say({ text, group, after }) {
      const day = `${group(3).toUpperCase()}M`;
      const place = group(4) === '' ? '' : ` ${letters(group(4))}`;
      return `${clock(group(1), group(2) || '00', day)} ${day}${place}${stop(text, after)}`;
    },
  },
  {
    class: 'range',
    pattern: rx(String.raw`(?<=(?:\d|[ap]\.?m\.?)) ?[-–] ?(?=\d{1,2}(?::\d\d| ?[ap]\.?m\b))`, 'i'),
    say: () => ' to ',
  },
  {
    class: 'range',
    pattern: rx(String.raw`${begin}(\d{1,3}):(\d{1,3})(?![\p{N}:])${finish}`),
    say: ({ group }) => `${cardinal(group(1))} to ${cardinal(group(2))}`,
  },
];
