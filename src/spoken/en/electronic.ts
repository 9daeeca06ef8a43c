import type { Rule } from '../rule.ts';
import { digitByDigit } from './number.ts';

const names: Readonly<Record<string, string>> = {
  '.': 'dot',
  '@': 'at',
  '/': 'slash',
  ':': 'colon',
  '-': 'dash',
  _: 'underscore',
  '?': 'question mark',
  '=': 'equals',
  '&': 'and',
  '#': 'hash',
  '%': 'percent',
  '+': 'plus',
  '~': 'tilde',
};

/** Reads an address sign by sign. Words stay words; digits are read one by one; what has no vowel is spelled. */
function readOut(address: string): string {
  return (address.match(/\p{L}+|\d+|[^\p{L}\d]/gu) ?? [])
    .map((part, index, parts) => {
      if (/^\d/u.test(part)) return digitByDigit(part);
      const last = index === parts.length - 1 || parts[index + 1] === '/';
      const country = part.length === 2 && parts[index - 1] === '.' && last;
      if (country || /^(?:[b-df-hj-np-tv-xz]{2,4}|https?|html)$/u.test(part)) return part.toUpperCase();
      return names[part] ?? part;
    })
    .join(' ');
}

const tail = String.raw`(?:[/?#][^\s<>"]*[^\s<>".,;:!?)'])?`;
const sign = String.raw`[\p{Script=Latin}\p{N}]`;
// A label of a host name has 63 characters at most (RFC 1035); the bound also keeps long words cheap.
const label = String.raw`${sign}(?:[\p{Script=Latin}\p{N}_-]{0,61}${sign})?`;

/** E-mail addresses, URLs, and names with a dot inside (nvidia.com, Node.js, main.py). */
export const electronic: readonly Rule[] = [
  {
    class: 'electronic',
    pattern: new RegExp(
      String.raw`(?<![\p{Script=Latin}\p{N}._%+-])\.?${label}(?:[.+%]${label}){0,4}@${label}(?:\.${label}){1,5}${tail}`,
      'gu',
    ),
    say: ({ text }) => (text.startsWith('.') ? `. ${readOut(text.slice(1))}` : readOut(text)),
  },
  {
    class: 'electronic',
    pattern: new RegExp(String.raw`(?:https?:\/\/|www\.)${label}(?:\.${label}){0,5}(?::\d+)?${tail}`, 'giu'),
    say: ({ text }) => readOut(text),
  },
  {
    class: 'electronic',
    // A capital after the dot is more likely a sentence with a forgotten blank.
    pattern: new RegExp(
      String.raw`(?<![\p{Script=Latin}\p{N}@._-])(?=[\p{N}_-]{0,61}\p{L})${label}(?:\.${label}){0,5}\.\p{Ll}{2,10}(?![\p{L}\p{N}@])${tail}`,
      'gu',
    ),
    say: ({ text }) => (/^(?:\p{L}\.)+\p{L}/u.test(text) && !text.includes('/') ? null : readOut(text)),
  },
];
