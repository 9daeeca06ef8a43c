import type { Rule } from '../rule.ts';
import { beginsWithUnit } from './measure.ts';
import { cardinal, digitByDigit, fraction, mixedFraction, ordinal, quantity } from './number.ts';
import { begin, finish, negative, number, rx, sign } from './pattern.ts';

const vulgar: Readonly<Record<string, readonly [string, string]>> = {
  '½': ['1', '2'],
  '⅓': ['1', '3'],
  '⅔': ['2', '3'],
  '¼': ['1', '4'],
  '¾': ['3', '4'],
  '⅛': ['1', '8'],
  '⅜': ['3', '8'],
  '⅝': ['5', '8'],
  '⅞': ['7', '8'],
  '⅕': ['1', '5'],
};

const suffixOf = (digits: string) =>
  /1[123]$/u.test(digits)
    ? 'th'
    : digits.endsWith('1')
      ? 'st'
      : digits.endsWith('2')
        ? 'nd'
        : digits.endsWith('3')
          ? 'rd'
          : 'th';

const idioms: Readonly<Record<string, string>> = {
  '24/7': 'twenty four seven',
  '9/11': 'nine eleven',
  '50/50': 'fifty fifty',
};

export const ordinals: readonly Rule[] = [
  {
    class: 'ordinal',
    pattern: rx(String.raw`${begin}(\d{1,3}(?:,\d{3})+|\d+)(st|nd|rd|th)(?![\p{L}\p{N}])`, 'i'),
    say({ group }) {
      const digits = group(1).replaceAll(',', '');
      return suffixOf(digits) === group(2).toLowerCase() ? ordinal(digits) : null;
    },
  },
];

export const fractions: readonly Rule[] = [
  {
    class: 'fraction',
    pattern: rx(String.raw`${begin}(?:(\d+) )?(\d+) ?\/ ?(\d+)(?:ths?|rds?|nds?|s)?(?![\p{L}\p{N}/]|[.,]\p{N})`, 'i'),
    say({ text, group, before, after }) {
      const idiom = idioms[text];
      if (idiom !== undefined) return idiom;
      if (Number(group(3)) === 0 || /\/$/u.test(before)) return null;
      if (group(1) === '' && /^ ?=/u.test(after)) return `${cardinal(group(2))} divided by ${cardinal(group(3))}`;
      const score = /^(?:5|10|20|100)$/u.test(group(3)) && /\b(?:scor|rat|grad|mark)\p{L}*\b[^.]{0,24}$/iu.test(before);
      if (group(1) === '' && score) return `${cardinal(group(2))} out of ${cardinal(group(3))}`;
      return group(1) === '' ? fraction(group(2), group(3)) : mixedFraction(group(1), group(2), group(3));
    },
  },
  {
    class: 'fraction',
    pattern: rx(String.raw`(?:${begin}(\d+) ?)?([½⅓⅔¼¾⅛⅜⅝⅞⅕])`),
    say({ group }) {
      const [over, under] = vulgar[group(2)] ?? ['1', '2'];
      return group(1) === '' ? fraction(over, under) : mixedFraction(group(1), over, under);
    },
  },
];

/** Numbers that no other rule has read. */
export const cardinals: readonly Rule[] = [
  {
    class: 'range',
    pattern: rx(String.raw`(?<=(?<![\p{L}\p{N}]|[-–/.,]\p{N}*)(${number})) ?[-–] ?(?=(${number})(?!\p{N}|[-–/]\p{N}))`),
    say({ text, group, after }) {
      const [low, high] = [group(1).replaceAll(',', ''), group(2).replaceAll(',', '')];
      // 5-7 days, 1234-123 kg and the score 3-1, but not 978-0 or 747-400.
      const range =
        Number(low) < Number(high) ||
        (low.length < 3 && high.length < 3) ||
        beginsWithUnit(after.slice(group(2).length));
      if (range) return ' to ';
      return text === '-' ? ' ' : null;
    },
  },
  {
    class: 'serial',
    // Versions: 2.0.1 and v1.5.
    pattern: rx(String.raw`${begin}\d+(?:\.\d+){2,}(?!\p{N})|(?<=\p{L})\d+(?:\.\d+)+(?!\p{N})`),
    say: ({ text }) => text.split('.').map(quantity).join(' point '),
  },
  {
    class: 'decimal',
    pattern: rx(`${begin}${sign}${number}${finish}`),
    say: ({ text }) => negative(text) + quantity(text.replace(/^[-−]/u, '')),
  },
  {
    class: 'serial',
    // The digits of B2B, covid19 and A380: a number, unless so long or so padded that it is a code.
    pattern: rx(String.raw`(?<=\p{L})\d+(?!\p{N})|\d+`),
    say: ({ text }) => (text.length > 4 || /^0\d/u.test(text) ? digitByDigit(text) : cardinal(text)),
  },
];
