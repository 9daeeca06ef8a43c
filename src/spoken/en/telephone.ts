import type { Rule } from '../rule.ts';
import { cardinal, digitByDigit } from './number.ts';
import { begin, finish, rx } from './pattern.ts';

const hundreds = /^[1-9]00$/u;

function group(part: string): string {
  if (/^\p{L}+$/u.test(part)) return part;
  return hundreds.test(part) ? cardinal(part) : digitByDigit(part);
}

/** Groups are read digit by digit with a short stop between them; 800 stays "eight hundred". */
const inGroups = (written: string) =>
  (written.startsWith('+') ? 'plus ' : '') + (written.match(/[\p{L}\p{N}]+/gu) ?? []).map(group).join(', ');

const grouped = (source: string): Rule => ({
  class: 'telephone',
  pattern: rx(begin + source + finish),
  say: ({ text }) => inGroups(text),
});

const keyed = String.raw`(?:ending in|ends in|PIN|code|passcode|OTP|extension|ext\.?|ZIP|account number|order number|flight number)`;

export const telephone: readonly Rule[] = [
  {
    class: 'telephone',
    pattern: rx(String.raw`${begin}(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?${finish}`),
    say({ text }) {
      const [host = '', port] = text.split(':');
      const words = host.split('.').map(digitByDigit).join(' dot ');
      return port === undefined ? words : `${words} colon ${digitByDigit(port)}`;
    },
  },
  {
    class: 'telephone',
    pattern: rx(String.raw`${begin}1-8\d\d(?:-[A-Z0-9]+)*-[A-Z]+(?:-[A-Z0-9]+)*(?![\p{L}\p{N}])`),
    say: ({ text }) => inGroups(text),
  },
  grouped(String.raw`(?:\+?\d{1,3}[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?:-\d{1,4})?`),
  grouped(String.raw`\+\d{1,3}(?:[ -]?\(?\d{2,5}\)?){2,5}`),
  grouped(String.raw`\d{3}-\d{2}-\d{4}`),
  {
    class: 'telephone',
    // Seven digits without an area code; 200-1000 is a range.
    pattern: rx(String.raw`${begin}[2-9]\d{2}-\d{4}${finish}`),
    say: ({ text }) => (text.endsWith('00') ? null : inGroups(text)),
  },
  {
    class: 'telephone',
    pattern: rx(`${begin}(?:[2-9]11|112|999)${finish}`),
    say: ({ text, before }) => (/\b(?:call|dial|phone|ring)\b/iu.test(before) ? digitByDigit(text) : null),
  },
  {
    class: 'telephone',
    pattern: rx(String.raw`(?<=\b${keyed}(?: is|:)? )\d{3,}${finish}`, 'i'),
    say: ({ text }) => digitByDigit(text),
  },
  {
    class: 'telephone',
    // Nobody writes a quantity of ten digits and more without separators, unless it is round.
    pattern: rx(String.raw`${begin}\d{10,}${finish}`),
    say: ({ text }) => (/000$/u.test(text) ? null : digitByDigit(text)),
  },
];
