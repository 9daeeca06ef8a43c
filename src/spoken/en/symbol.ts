import type { Rule } from '../rule.ts';
import { rx } from './pattern.ts';

const named: Readonly<Record<string, string>> = {
  '&': 'and',
  '@': 'at',
  '%': 'percent',
  $: 'dollar',
  '€': 'euro',
  '£': 'pound',
  '+': 'plus',
  '=': 'equals',
  '±': 'plus or minus',
  '×': 'times',
  '÷': 'divided by',
  '−': 'minus',
  '≈': 'approximately',
  '≠': 'is not equal to',
  '≤': 'less than or equal to',
  '≥': 'greater than or equal to',
  '√': 'square root of',
  '∞': 'infinity',
  π: 'pi',
  '°': 'degrees',
  '№': 'number',
  '§': 'section',
  '©': 'copyright',
  '®': 'registered',
  '™': 'trademark',
  '→': 'to',
  '⇒': 'means',
  '²': 'squared',
  '³': 'cubed',
};

const rule = (pattern: RegExp, words: string, kind: Rule['class'] = 'symbol'): Rule => ({
  class: kind,
  pattern,
  say: () => words,
});

/** Signs that are known by the numbers beside them: read before those. */
export const arithmetic: readonly Rule[] = [
  rule(rx(String.raw`(?<=\d) ?[-−] ?(?=\d+(?:\.\d+)? ?=)`), ' minus ', 'math'),
  rule(rx(String.raw`(?<=\d ?)\*(?= ?\d)`), ' times ', 'math'),
  rule(rx(String.raw`(?<=[\p{L}\p{N})] )<(?= \d)`), 'less than', 'math'),
  rule(rx(String.raw`(?<=[\p{L}\p{N})] )>(?= \d)`), 'greater than', 'math'),
  rule(rx(String.raw`(?<=[\p{L}\p{N})])\^2(?!\p{N})`), ' squared', 'math'),
  rule(rx(String.raw`(?<=[\p{L}\p{N})])\^3(?!\p{N})`), ' cubed', 'math'),
  rule(rx(String.raw`(?<=[\p{L}\p{N})])\^(?=[\p{L}\p{N}(])`), ' to the power of ', 'math'),
];

/** Signs that have a name. */
export const symbol: readonly Rule[] = [
  rule(rx(String.raw`(?<![\p{L}\p{N}])[~≈](?=[$£€¥]?\d)`), 'about '),
  rule(rx(String.raw`(?<=(?<!\p{L})[CF])#(?!\p{L})`), ' sharp '),
  rule(rx('#(?=[0-9])'), 'number '),
  rule(rx(String.raw`#(?=\p{L})|(?<=\p{L})#`), ' hash '),
  { class: 'symbol', pattern: rx(String.raw`(?<=(?<!\p{L})and)\/(?=or(?!\p{L}))`), say: () => ' ' },
  rule(rx(String.raw`(?<=(?<!\p{L})\p{Lu})\/(?=\p{Lu}(?!\p{L}))`), ' '),
  rule(rx(String.raw`(?<=\p{L})\/(?=\p{L})|(?<=\p{N})\/(?=\s)`), ' slash '),
  rule(rx(String.raw`(?<=\p{L}|\p{N})_(?=\p{L}|\p{N})`), ' '),
  {
    class: 'symbol',
    pattern: rx('[&@%$€£+=±×÷−≈≠≤≥√∞π°№§©®™→⇒²³]'),
    say: ({ text }) => ` ${named[text] ?? text} `,
  },
];
