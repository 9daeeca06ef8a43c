import { toCardinal, toOrdinal } from 'n2words/en-US';

const plain = (words: string) => words.replaceAll('-', ' ');

/** 1,234 → one thousand two hundred thirty four. Any length. */
export const cardinal = (digits: string) => plain(toCardinal(BigInt(digits.replaceAll(',', ''))));

/** 21 → twenty first. */
export function ordinal(digits: string): string {
  const value = BigInt(digits.replaceAll(',', ''));
  return value === 0n ? 'zeroth' : plain(toOrdinal(value));
}

/** 205 → two zero five. */
export const digitByDigit = (digits: string) =>
  [...digits.replace(/\D/gu, '')].map((digit) => cardinal(digit)).join(' ');

/** 3.14, .5, 007 and 1,000: a leading zero means that the digits are names, not a quantity. */
export function quantity(written: string): string {
  const [whole = '', fraction] = written.replaceAll(',', '').split('.');
  const integer = whole === '' ? '' : /^0\d/u.test(whole) ? digitByDigit(whole) : cardinal(whole);
  if (fraction === undefined || fraction === '') return integer;
  return `${integer} point ${digitByDigit(fraction)}`.trim();
}

/** 1994 → nineteen ninety four, 1506 → fifteen oh six, 2005 → two thousand five, 1900 → nineteen hundred. */
export function year(digits: string): string {
  const value = Number(digits);
  const rest = value % 100;
  if (digits.length === 2) return value < 10 ? `oh ${cardinal(digits)}` : cardinal(digits);
  if (value < 1000 || value % 1000 < 10) return cardinal(digits);
  const century = cardinal(String(Math.floor(value / 100)));
  if (rest === 0) return `${century} hundred`;
  return `${century} ${rest < 10 ? 'oh ' : ''}${cardinal(String(rest))}`;
}

/** 1980 → nineteen eighties, 2000 → two thousands, 10 → tens. */
export function decade(digits: string): string {
  const words = digits.length === 2 && digits === '00' ? 'two thousand' : year(digits);
  return words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`;
}

/** House numbers: 1428 → fourteen twenty eight, 123 → one twenty three, 100 → one hundred. */
export function inPairs(digits: string): string {
  if (digits.length < 3 || /00$/u.test(digits)) return cardinal(digits);
  const head = digits.slice(0, -2);
  const tail = digits.slice(-2);
  const last = tail.startsWith('0') ? `oh ${cardinal(tail)}` : cardinal(tail);
  return `${inPairs(head)} ${last}`;
}

/** 3/4 → three quarters, 1/2 → one half, 5/2 → five halves. */
export function fraction(over: string, under: string): string {
  const one = BigInt(over) === 1n;
  const value = BigInt(under);
  const name =
    value === 2n ? (one ? 'half' : 'halve') : value === 4n ? 'quarter' : value === 1n ? 'over one' : ordinal(under);
  return `${cardinal(over)} ${name}${one || value === 1n ? '' : 's'}`;
}

/** 4 1/2 → four and a half. */
export const mixedFraction = (whole: string, over: string, under: string) =>
  `${cardinal(whole)} and ${over === '1' && under === '2' ? 'a half' : fraction(over, under)}`;
