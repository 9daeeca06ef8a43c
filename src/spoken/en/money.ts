import type { Rule } from '../rule.ts';
import { cardinal, quantity } from './number.ts';
import { begin, finish, negative, number, rx, sign } from './pattern.ts';

interface Currency {
  readonly one: string;
  readonly many: string;
  readonly cent?: readonly [one: string, many: string];
}

const dollar = (prefix: string): Currency => ({
  one: `${prefix}dollar`,
  many: `${prefix}dollars`,
  cent: ['cent', 'cents'],
});
const same = (name: string): Currency => ({ one: name, many: name });

const currencies: Readonly<Record<string, Currency>> = {
  $: dollar(''),
  US$: dollar('US '),
  C$: dollar('Canadian '),
  A$: dollar('Australian '),
  NZ$: dollar('New Zealand '),
  HK$: dollar('Hong Kong '),
  '£': { one: 'pound', many: 'pounds', cent: ['penny', 'pence'] },
  '€': { one: 'euro', many: 'euros', cent: ['cent', 'cents'] },
  '¥': same('yen'),
  '￥': same('yuan'),
  '₩': same('won'),
  '₹': { one: 'rupee', many: 'rupees', cent: ['paisa', 'paise'] },
  '₽': { one: 'ruble', many: 'rubles' },
  '₫': same('dong'),
  '₺': same('lira'),
  '₿': { one: 'bitcoin', many: 'bitcoins' },
  USD: dollar('US '),
  EUR: { one: 'euro', many: 'euros', cent: ['cent', 'cents'] },
  GBP: { one: 'pound', many: 'pounds', cent: ['penny', 'pence'] },
  JPY: same('yen'),
  CNY: same('yuan'),
  RMB: same('yuan'),
  CHF: { one: 'Swiss franc', many: 'Swiss francs' },
  CAD: dollar('Canadian '),
  AUD: dollar('Australian '),
  INR: { one: 'rupee', many: 'rupees' },
  KRW: same('won'),
};

const scales: Readonly<Record<string, string>> = {
  k: 'thousand',
  m: 'million',
  mn: 'million',
  b: 'billion',
  bn: 'billion',
  t: 'trillion',
  tn: 'trillion',
};
const periods: Readonly<Record<string, string>> = {
  mo: 'month',
  m: 'month',
  yr: 'year',
  y: 'year',
  d: 'day',
  h: 'hour',
  hr: 'hour',
  wk: 'week',
  w: 'week',
  min: 'minute',
  s: 'second',
  sec: 'second',
  gal: 'gallon',
  lb: 'pound',
  kg: 'kilogram',
  ea: 'each',
};

/** 20.50 dollars → twenty dollars fifty cents; three decimals and more are read as a decimal. */
function amount(written: string, currency: Currency): string {
  const [whole = '', decimals = ''] = written.replaceAll(',', '').split('.');
  const fraction = decimals.replace(/0+$/u, '');
  const units = whole === '' ? '0' : whole;
  if (fraction !== '' && (fraction.length > 2 || !currency.cent))
    return `${quantity(`${whole}.${fraction}`)} ${currency.many}`;
  const cents = Number(fraction.padEnd(2, '0'));
  const main = `${cardinal(units)} ${Number(units) === 1 ? currency.one : currency.many}`;
  if (cents === 0 || !currency.cent) return main;
  const small = `${cardinal(String(cents))} ${currency.cent[cents === 1 ? 0 : 1]}`;
  return Number(units) === 0 ? small : `${main} ${small}`;
}

function say(written: string, code: string, scale: string, period: string): string | null {
  const currency = currencies[code];
  if (!currency) return null;
  const words =
    scale === ''
      ? amount(written, currency)
      : `${quantity(written)} ${scales[scale.toLowerCase()] ?? scale} ${currency.many}`;
  return period === '' ? words : `${words} per ${periods[period] ?? period}`;
}

const symbol = String.raw`((?:US|C|A|NZ|HK)?\$|[£€¥￥₩₹₽₫₺₿]|(?:USD|EUR|GBP|JPY|CNY|RMB|CHF|CAD|AUD|INR|KRW) )`;
const scale = String.raw`(?:[ -]?(thousand|million|billion|trillion|[kKmMbBtT]n?)(?![\p{L}\p{N}]))?`;
const period = String.raw`(?: ?\/ ?(mo|month|m|yr|year|y|d|day|hr?|hour|wk|week|w|min|minute|s|sec|second|user|person|night|gal|lb|kg|seat|token|unit)(?!\p{L}))?`;

export const money: readonly Rule[] = [
  {
    class: 'range',
    // $5–10: the sign is said once.
    pattern: rx(
      String.raw`(?<![\p{L}\p{N}])([$£€¥])(${number}) ?[-–] ?(\1)?(${number})${scale}(?![\p{L}\p{N}]|[.,]\p{N}|-\p{N})`,
    ),
    say({ group }) {
      // $1.50-$2.50 are two amounts; $1.5-$2.5 million is one.
      if (group(3) !== '' && group(5) === '') return null;
      const high = say(group(4), group(1), group(5), '');
      return high === null ? null : `${quantity(group(2))} to ${high}`;
    },
  },
  {
    class: 'money',
    pattern: rx(String.raw`(?<![\p{L}\p{N}])${sign}${symbol} ?(${number})${finish}${scale}${period}`),
    say({ text, group }) {
      const words = say(group(2), group(1).trim(), group(3), group(4));
      return words === null ? null : negative(text) + words;
    },
  },
  {
    class: 'money',
    pattern: rx(
      String.raw`${begin}(${number})${scale} ?(USD|EUR|GBP|JPY|CNY|RMB|CHF|CAD|AUD|INR|KRW|€|£)(?![\p{L}\p{N}])`,
    ),
    say: ({ group }) => say(group(1), group(3), group(2), ''),
  },
  {
    class: 'money',
    pattern: rx(String.raw`${begin}(\d+) ?¢`),
    say: ({ group }) => `${cardinal(group(1))} ${group(1) === '1' ? 'cent' : 'cents'}`,
  },
  {
    class: 'range',
    pattern: rx(String.raw`(?<=[$£€¥][\d.,]{1,20}[kKmMbB]?) ?[-–] ?(?=[$£€¥]\.?\d)`),
    say: () => ' to ',
  },
];
