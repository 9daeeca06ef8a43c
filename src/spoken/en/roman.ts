import type { Rule } from '../rule.ts';
import { cardinal, ordinal } from './number.ts';
import { rx } from './pattern.ts';

const values: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100 };
const numeral = '(?=[IVXLC])(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})';

function arabic(written: string): string {
  let total = 0;
  for (let i = 0; i < written.length; i += 1) {
    const here = values[written[i] ?? ''] ?? 0;
    total += here < (values[written[i + 1] ?? ''] ?? 0) ? -here : here;
  }
  return String(total);
}

const numbered =
  'Chapter|Part|Act|Scene|Section|Volume|Vol\\.|Book|War|Phase|Type|Class|Article|Appendix|Figure|Table|Grade|Level|Stage|Unit|Bowl|Title|Step|Tier|Schedule|Amendment|Factor';
const rulers =
  'Henry|Louis|Charles|George|Edward|William|Richard|James|John|Paul|Elizabeth|Mary|Philip|Frederick|Francis|Napoleon|Nicholas|Alexander|Peter|Catherine|Benedict|Pius|Leo|Gregory|Innocent|Urban|Clement|Ramesses|Ramses|Ferdinand|Leopold|Wilhelm|Otto|Albert|Gustav|Christian|Harald|Olaf|Umberto|Ivan|Cleopatra|Ptolemy|Xerxes|Darius|Margrethe|Beatrix|Juan Carlos|Felipe|Alfonso';

/** Roman numerals, only where they cannot be letters: after a numbered thing, a ruler's name, or a title with two letters and more. */
export const roman: readonly Rule[] = [
  {
    class: 'roman',
    pattern: rx(String.raw`(?<=(?<!\p{L})(?:${numbered}) )(${numeral})(?![\p{L}\p{N}'’])`),
    say: ({ group }) => cardinal(arabic(group(1))),
  },
  {
    class: 'roman',
    pattern: rx(String.raw`(?<=(?<!\p{L})(?:${rulers}) )(${numeral})(?![\p{L}\p{N}])`),
    // "Charles I know" is a sentence, "Charles I of Spain" a king; only the unmistakable is read.
    say: ({ group, after }) =>
      group(1) === 'I' && !/^ (?:of|was|died|and)\b/u.test(after) ? null : `the ${ordinal(arabic(group(1)))}`,
  },
  {
    class: 'roman',
    pattern: rx(String.raw`(?<=\p{Lu}\p{Ll}+ )(?=[IVX]{2})([IVX]{2,6})(?![\p{L}\p{N}])`),
    say: ({ group }) =>
      new RegExp(`^${numeral}$`, 'u').test(group(1)) && group(1) !== 'IV' ? cardinal(arabic(group(1))) : null,
  },
];
