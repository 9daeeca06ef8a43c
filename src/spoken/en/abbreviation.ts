import type { Rule } from '../rule.ts';
import { rx } from './pattern.ts';

const table = (rows: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    rows
      .trim()
      .split(/\s*[|\n]\s*/u)
      .map((row) => [row.slice(0, row.indexOf(' ')), row.slice(row.indexOf(' ') + 1)]),
  );

const titles =
  table(`Dr Doctor | Mr Mister | Mrs Missus | Ms Miz | Prof Professor | Gen General | Sen Senator | Rep Representative
Gov Governor | Capt Captain | Lt Lieutenant | Col Colonel | Sgt Sergeant | Rev Reverend | Hon Honorable | Pres President | Maj Major | Cmdr Commander`);
const places = table('St Saint | Mt Mount | Ft Fort');
const numbered =
  table(`No number | no number | Nos numbers | Fig figure | Figs figures | Eq equation | Vol volume | Ch chapter | Sec section
p page | pp pages | Art article | art article | fig figure | vol volume | ch chapter | sec section | ca circa | c circa | approx approximately`);
const anywhere =
  table(`e.g. for example | i.e. that is | etc. et cetera | vs. versus | approx. approximately | dept. department | Dept. Department
Inc. Incorporated | Corp. Corporation | Ltd. Limited | Bros. Brothers | Jr. Junior | Sr. Senior | a.k.a. also known as | cf. compare | viz. namely
et@al. et al | Ave. Avenue | Blvd. Boulevard | Univ. University | Govt. Government | govt. government | Assn. Association | incl. including
Mon. Monday | Tue. Tuesday | Tues. Tuesday | Wed. Wednesday | Thu. Thursday | Thurs. Thursday | Fri. Friday
Jan. January | Feb. February | Apr. April | Aug. August | Sept. September | Sep. September | Oct. October | Nov. November | Dec. December`);

const either = (entries: Readonly<Record<string, string>>) =>
  Object.keys(entries)
    .sort((a, b) => b.length - a.length)
    .map((key) => key.replaceAll('.', String.raw`\.`).replaceAll('@', ' '))
    .join('|');
const endOf = (text: string, after: string) => (text.endsWith('.') && /^$|^["”’)]*$/u.test(after) ? '.' : '');

export const abbreviation: readonly Rule[] = [
  {
    class: 'abbreviation',
    pattern: rx(String.raw`(?<![\p{L}\p{N}.])(${either(titles)}|dr|mr|mrs|ms|prof)(\.?)(?= \p{Lu})`),
    say: ({ group }) => {
      // Without its full stop only these are never words.
      const sure = group(2) === '.' || /^(?:Dr|Mr|Mrs|Ms)$/u.test(group(1));
      return sure ? (titles[group(1).charAt(0).toUpperCase() + group(1).slice(1)] ?? null) : null;
    },
  },
  {
    class: 'abbreviation',
    pattern: rx(String.raw`(?<![\p{L}\p{N}.]|\p{Lu}\p{Ll}+ )(${either(places)})\.(?= \p{Lu})`),
    say: ({ group }) => places[group(1)] ?? null,
  },
  {
    class: 'abbreviation',
    pattern: rx(String.raw`(?<![\p{L}\p{N}.])(${either(numbered)})\.(?= ?\d)`),
    say: ({ group }) => numbered[group(1)] ?? null,
  },
  {
    class: 'abbreviation',
    pattern: rx(String.raw`(?<![\p{L}\p{N}.])(${either(anywhere)})(?![\p{L}\p{N}])`),
    say: ({ text, group, after }) => {
      const words = anywhere[group(1).replace(' ', '@')];
      return words === undefined ? null : words + endOf(text, after);
    },
  },
  {
    class: 'abbreviation',
    pattern: rx(String.raw`(?<![\p{L}\p{N}.])(vs)(?= )|(?<![\p{L}\p{N}])(w\/o?)(?= )`),
    say: ({ text }) => (text === 'vs' ? 'versus' : text === 'w/o' ? 'without' : 'with'),
  },
  {
    class: 'abbreviation',
    // C. S. Lewis, U.S. and Ph.D.: the letters without their stops; spelling them is the pronouncer's work.
    pattern: rx(String.raw`(?<![\p{L}\p{N}.])(?:Ph\.D|(?:\p{Lu}\. ?)+\p{Lu})\.(?!\p{L})`),
    say: ({ text, after }) => text.replace(/[. ]/gu, '') + endOf(text, after),
  },
];
