import type { Rule } from '../rule.ts';
import { digitByDigit, inPairs } from './number.ts';
import { begin, rx } from './pattern.ts';

const suffixes: Readonly<Record<string, string>> = {
  st: 'Street',
  ave: 'Avenue',
  blvd: 'Boulevard',
  rd: 'Road',
  dr: 'Drive',
  ln: 'Lane',
  ct: 'Court',
  pl: 'Place',
  sq: 'Square',
  hwy: 'Highway',
  expy: 'Expressway',
  pkwy: 'Parkway',
  fwy: 'Freeway',
  ter: 'Terrace',
  cir: 'Circle',
};
const full = 'Street|Avenue|Boulevard|Road|Drive|Lane|Court|Place|Square|Highway|Expressway|Parkway|Way';
const suffix = `(?:[Ss]t|[Aa]ve|[Bb]lvd|[Rr]d|Dr|Ln|Ct|Pl|Sq|[Hh]wy|[Ee]xpy|[Pp]kwy|[Ff]wy|Ter|Cir)`;
const name = String.raw`(?:(?:\p{Lu}[\p{L}'.]*|\d+(?:st|nd|rd|th)) ){1,4}?`;

const states: Readonly<Record<string, string>> = Object.fromEntries(
  `AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|FL Florida|GA Georgia|HI Hawaii|ID Idaho
IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota
MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina
ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas
UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|DC D C`
    .split(/[|\n]/u)
    .map((row) => [row.slice(0, 2), row.slice(3)]),
);

export const address: readonly Rule[] = [
  {
    class: 'address',
    pattern: rx(String.raw`${begin}\d{1,5}(?=[A-Z]? ${name}(?:${suffix}|${full})(?![\p{L}\p{N}]))`),
    say: ({ text }) => inPairs(text),
  },
  {
    class: 'address',
    pattern: rx(String.raw`(?<=(?<!\p{N})\d{1,5}[A-Z]? ${name})(${suffix})(?![\p{L}\p{N}])(\.?)`),
    say: ({ group, after }) =>
      (suffixes[group(1).toLowerCase()] ?? group(1)) + (/^$|^ \p{Lu}/u.test(after) ? group(2) : ''),
  },
  {
    class: 'address',
    pattern: rx(String.raw`(?<=\p{L}, )([A-Z]{2})(?=,? \d{5}(?!\d)|[.,;]|$)`),
    say: ({ group }) => states[group(1)] ?? null,
  },
  {
    class: 'address',
    pattern: rx(String.raw`(?<=, [A-Z]{2},? )\d{5}(?:-\d{4})?(?!\p{N})`),
    say: ({ text }) => text.split('-').map(digitByDigit).join(', '),
  },
];
