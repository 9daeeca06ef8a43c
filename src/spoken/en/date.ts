import type { Rule } from '../rule.ts';
import { beginsWithUnit } from './measure.ts';
import { decade, ordinal, year } from './number.ts';
import { begin, finish, rx } from './pattern.ts';

const months = 'January February March April May June July August September October November December'.split(' ');
const month = String.raw`(jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?|sept(?:ember|\.)?|sep\.?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)`;
const day = String.raw`(0?[1-9]|[12]\d|3[01])`;
const suffix = '(?:st|nd|rd|th)?';
const fourDigits = String.raw`(1\d{3}|2[01]\d{2})`;
const comma = `(?:, ?| )`;

const monthName = (written: string) =>
  months.find((name) => name.toLowerCase().startsWith(written.slice(0, 3).toLowerCase())) ?? written;
const monthOf = (number: string) => months[Number(number) - 1];
/** Lower-case "may" and "march" are verbs unless a year stands by them. */
const isVerb = (written: string) => /^(?:may|march|mar)$/u.test(written);
const the = (before: string) => (/\bthe $/iu.test(before) ? '' : 'the ');

const withYear = (words: string, digits: string, separator = '') =>
  digits === '' ? words : `${words}${separator.startsWith(',') ? ',' : ''} ${year(digits)}`;

const monthFirst = (monthNumber: string, dayNumber: string, digits: string) => {
  const name = monthOf(monthNumber);
  return name === undefined ? null : `${name} ${ordinal(dayNumber)} ${year(digits)}`;
};

/** Function words, after which a four-digit number is still a year: "in 1999 as". */
const notCounted = /^ (?:was|is|has|as|its|this|does|us|yes|across|plus|versus|vs|sees|saw)\b/u;
const counted = /^ (?:\p{Ll}{2,}s|people|men|women|children|users|more|other|different|of)\b/u;

export const date: readonly Rule[] = [
  {
    class: 'date',
    pattern: rx(String.raw`${begin}${day}${suffix} (?:of )?${month}(?!\p{L})(?:(, ?| )${fourDigits}${finish})?`, 'i'),
    say({ group, before }) {
      if (isVerb(group(2)) && group(4) === '') return null;
      return withYear(`${the(before)}${ordinal(group(1))} of ${monthName(group(2))}`, group(4), group(3));
    },
  },
  {
    class: 'date',
    pattern: rx(
      String.raw`(?<!\p{L})${month} (?:the )?${day}${suffix}(?![\p{L}\p{N}:%]|[.,]\p{N})(?:(, ?| )${fourDigits}${finish})?`,
      'i',
    ),
    say: ({ group }) =>
      isVerb(group(1)) && group(4) === ''
        ? null
        : withYear(`${monthName(group(1))} ${ordinal(group(2))}`, group(4), group(3)),
  },
  {
    class: 'date',
    pattern: rx(String.raw`(?<!\p{L})${month}${comma}(?:of )?${fourDigits}${finish}`, 'i'),
    say: ({ group }) => `${monthName(group(1))} ${year(group(2))}`,
  },
  {
    class: 'date',
    pattern: rx(String.raw`${begin}${fourDigits}([-/.])(0?[1-9]|1[0-2])\2${day}${finish}`),
    say: ({ group }) => monthFirst(group(3), group(4), group(1)),
  },
  {
    class: 'date',
    // Month first, as in the United States, unless the first number can only be a day.
    pattern: rx(String.raw`${begin}(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\p{N}/]|[-.]\p{N})`),
    say({ group }) {
      const [first, second, digits] = [group(1), group(3), group(4)];
      // 1.2.30 is a version.
      if (group(2) === '.' && digits.length === 2) return null;
      if (Number(first) >= 1 && Number(first) <= 12 && Number(second) <= 31) return monthFirst(first, second, digits);
      const name = monthOf(second);
      return name === undefined || Number(first) > 31 ? null : `the ${ordinal(first)} of ${name} ${year(digits)}`;
    },
  },
  {
    class: 'date',
    pattern: rx(String.raw`${begin}['’]?((?:1\d|20)?\d0)(?:['’]?s| s)(?![\p{L}\p{N}])`),
    say: ({ group }) => decade(group(1)),
  },
  {
    class: 'range',
    pattern: rx(String.raw`(?<=\d0['’]?s) ?[-–] ?(?=['’]?\d+['’]?s)`),
    say: () => ' to ',
  },
  {
    class: 'date',
    pattern: rx(
      String.raw`(?<![\p{L}\p{N}])(?:([1-4])Q ?['’]?(\d{4}|\d{2})|Q([1-4])(?: of| in)?,? ['’]?(\d{4}))${finish}`,
    ),
    say: ({ group, before }) =>
      `${the(before)}${ordinal(group(1) || group(3))} quarter of ${year(group(2) || group(4))}`,
  },
  {
    class: 'date',
    pattern: rx(String.raw`${begin}(\d{1,4}) ?(BCE?|CE|AD|B\.C\.(?:E\.)?|A\.D\.)(?!\p{L})`),
    say: ({ group }) => `${year(group(1))} ${group(2).replaceAll('.', '')}`,
  },
  {
    class: 'date',
    pattern: rx(String.raw`${begin}${fourDigits} ?[-–—] ?(?:${fourDigits}|(\d{2}))(?!\p{N}|[-–.,/]\p{N})(?! ?=)`),
    say({ group }) {
      const [from, to] = [group(1), group(2) || group(1).slice(0, 2) + group(3)];
      return from < to ? `${year(from)} to ${group(3) ? year(group(3)) : year(to)}` : null;
    },
  },
  {
    class: 'date',
    pattern: rx(
      String.raw`(?<![\p{L}\p{N}$£€¥#+/]|\/ |\p{N}[.,]|[-−])(1[1-9]\d{2}|20\d{2})(?![\p{L}\p{N}%°]|[.,]\p{N}|['’][a-rt-z]| ?[-–+*/=×] ?\p{N})`,
    ),
    // 1500 people and 1500 km are quantities: the rules for those read them. "In 2024 sales grew" names a year.
    say({ group, before, after }) {
      const named = /\b(?:in|since|until|during|year|late|early|spring|summer|autumn|fall|winter) $/iu.test(before);
      const quantity = !named && counted.test(after) && !notCounted.test(after);
      return quantity || beginsWithUnit(after) ? null : year(group(1));
    },
  },
];
