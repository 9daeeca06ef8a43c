/** What kind of written form a change reads out. */
export type SpokenClass =
  | 'abbreviation'
  | 'address'
  | 'cardinal'
  | 'date'
  | 'decimal'
  | 'electronic'
  | 'fraction'
  | 'math'
  | 'measure'
  | 'money'
  | 'ordinal'
  | 'range'
  | 'roman'
  | 'serial'
  | 'symbol'
  | 'telephone'
  | 'time'
  | 'verbatim';

/**
 * One written form and how to say it. `pattern` carries the flags `g` and `u`. `say` returns the words, or `null` when a
 * closer look shows that this is something else.
 */
export interface Rule {
  readonly class: SpokenClass;
  readonly pattern: RegExp;
  say(found: Found): string | null;
}

/** A match with its groups as strings (`''` when a group took no part) and the text around it. */
export interface Found {
  readonly text: string;
  readonly group: (index: number) => string;
  readonly before: string;
  readonly after: string;
}

/** A stretch of the sentence and what became of it; both offsets are UTF-16 code units, `end` exclusive. */
export interface Change {
  readonly from: { readonly start: number; readonly end: number };
  readonly to: { readonly start: number; readonly end: number };
  readonly class: SpokenClass;
}

export interface Normalised {
  readonly text: string;
  /** In order. What stands between two changes is the same in both texts, but for blanks at its edges. */
  readonly changes: readonly Change[];
}

interface Claim {
  readonly start: number;
  readonly end: number;
  readonly words: string;
  readonly class: SpokenClass;
}

/** Applies rules in order of priority: a stretch that an earlier rule has read is closed to the later ones. */
export function applyRules(sentence: string, rules: readonly Rule[]): Normalised {
  const claims: Claim[] = [];
  const taken = new Uint8Array(sentence.length);
  for (const rule of rules) {
    rule.pattern.lastIndex = 0;
    for (let match = rule.pattern.exec(sentence); match !== null; match = rule.pattern.exec(sentence)) {
      const start = match.index;
      const end = start + match[0].length;
      const words = end > start && !taken.subarray(start, end).includes(1) ? rule.say(foundOf(match, sentence)) : null;
      if (words === null) {
        rule.pattern.lastIndex = start + 1;
        continue;
      }
      taken.fill(1, start, end);
      claims.push({ start, end, words, class: rule.class });
    }
  }
  return write(
    sentence,
    claims.sort((a, b) => a.start - b.start),
  );
}

function foundOf(match: RegExpExecArray, sentence: string): Found {
  const end = match.index + match[0].length;
  return {
    text: match[0],
    group: (index) => match[index] ?? '',
    // Enough to see the neighbouring words.
    before: sentence.slice(Math.max(0, match.index - 48), match.index),
    after: sentence.slice(end, end + 48),
  };
}

const spelled = /[A-Za-z0-9]/u;
const touches = (left: string | undefined, right: string | undefined) =>
  left !== undefined && right !== undefined && spelled.test(left) && spelled.test(right);

function write(sentence: string, claims: readonly Claim[]): Normalised {
  let text = '';
  let at = 0;
  let readOut = false; // the end of `text` was put there by a rule
  const changes: Change[] = [];
  const add = (piece: string, byRule: boolean) => {
    if (piece === '') return;
    if ((byRule || readOut) && touches(text.at(-1), piece[0])) text += ' ';
    text += byRule && (text === '' || text.endsWith(' ')) ? piece.trimStart() : piece;
    readOut = byRule;
  };
  for (const claim of claims) {
    add(sentence.slice(at, claim.start), false);
    at = claim.end;
    if (claim.words === sentence.slice(claim.start, claim.end)) {
      add(claim.words, false);
      continue;
    }
    const followedByBlank = /^[\s.,;:!?)]/u.test(sentence.slice(at, at + 1));
    add(followedByBlank ? claim.words.trimEnd() : claim.words, true);
    const words = claim.words.trim();
    const end = text.length - (text.length - text.trimEnd().length);
    changes.push({
      from: { start: claim.start, end: claim.end },
      to: { start: Math.max(0, end - words.length), end },
      class: claim.class,
    });
  }
  add(sentence.slice(at), false);
  return { text, changes };
}
