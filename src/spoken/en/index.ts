import type { Rule } from '../rule.ts';
import { abbreviation } from './abbreviation.ts';
import { address } from './address.ts';
import { cardinals, fractions, ordinals } from './cardinal.ts';
import { date } from './date.ts';
import { electronic } from './electronic.ts';
import { measure } from './measure.ts';
import { money } from './money.ts';
import { roman } from './roman.ts';
import { arithmetic, symbol } from './symbol.ts';
import { telephone } from './telephone.ts';
import { time } from './time.ts';

/** Tags and phonetic spellings are instructions, not words: nothing in them is read. */
const verbatim: Rule = {
  class: 'verbatim',
  pattern:
    /<\/?[a-z][^<>]{0,200}>|\[(?:[A-Z]{1,3}[0-2]?(?: |(?=\])))+\]|\[[^[\]]{0,200}[ˈˌəɪʊɛɔɑʃʒθðŋɹɫ][^[\]]{0,200}\]/gu,
  say: ({ text }) => text,
};

/** What an English voice reads, most particular first. */
export const english: readonly Rule[] = [
  verbatim,
  ...electronic,
  ...telephone,
  ...address,
  ...date,
  ...time,
  ...money,
  ...measure,
  ...fractions,
  ...ordinals,
  ...roman,
  ...abbreviation,
  ...arithmetic,
  ...cardinals,
  ...symbol,
];
