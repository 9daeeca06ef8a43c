import { firstCharacter, firstWord, judge, needOf, wordBefore } from './latin-stop.ts';
import {
  fullStops,
  isBlank,
  isCloser,
  isDigit,
  isExtender,
  isLowercase,
  isSpeakable,
  isWide,
  latinStops,
  repeatable,
  softMarks,
} from './marks.ts';

/**
 * What stands at a character: no boundary, a boundary at `cut` (the next piece begins there), or a question that the text
 * so far cannot answer. `held` is a boundary that is sure, but whose closing marks may still be coming.
 */
export type Verdict =
  | { readonly kind: 'none'; readonly next: number }
  | { readonly kind: 'boundary'; readonly strength: 'hard' | 'soft' | 'line'; readonly cut: number }
  | { readonly kind: 'wait' }
  | { readonly kind: 'held' };

export interface Look {
  readonly text: string;
  /** Where the current piece begins. */
  readonly from: number;
  /** No more text will come. */
  readonly ended: boolean;
  /** A straight double quote is open at `at`. */
  readonly quoteOpen: boolean;
}

// Marks repeat a few times; a flood of them is cut, so that waiting for its end costs no more than this.
const longestRun = 64;

const wait: Verdict = { kind: 'wait' };
const interesting = new Set([...fullStops, ...latinStops, ...softMarks, '…', '\n']);

/** Whether a character can be a boundary at all; most cannot, and this is the cheap way to know. */
export const mayBound = (character: string) => interesting.has(character);

/**
 * Judges the mark at `at`. The answer depends on the text alone: a verdict given on a prefix is the verdict on the whole,
 * which is why chunks cannot change the pieces.
 */
export function verdictAt(look: Look, at: number): Verdict {
  const { text } = look;
  const mark = text[at] ?? '';
  if (mark === '\n') return { kind: 'boundary', strength: 'line', cut: at + 1 };
  const latin = latinStops.has(mark) || (mark === '…' && !isWide(lastSpeakable(look, at)));
  if (softMarks.has(mark)) return soft(look, at);

  const run = markRun(look, at, latin);
  if (run === null) return latin ? wait : { kind: 'held' };
  const { cut, closed, marks } = run;
  const next = text[cut] ?? '';
  const over: Verdict = { kind: 'boundary', strength: 'hard', cut };
  const inside: Verdict = { kind: 'none', next: cut };

  // 《你好吗？》 and (really?) are names and asides, not sentences.
  if (/[》〉]/u.test(closed) || (/[)）]/u.test(closed) && /[!?！？]$/u.test(marks))) return inside;
  if (next === '') return over;
  if (!latin) return next === '，' || next === '、' ? inside : over;

  if (isWide(next)) return wideAfterLatin(look, at, run) ? over : inside;
  if (!isBlank(next)) return inside;
  if (marks === '.' && closed === '') return stopVerdict(look, at, over, inside);
  if (marks === ';') return over;

  const word = wordBefore(text, at, look.from);
  if (marks === '.' && needOf(word, text.slice(look.from, at)) !== 'nothing') return inside;
  // "Really?" she asked. Wait... what? Both go on in lower case; "Stop! Now" needs no second look.
  if (closed === '' && !/\.\.|…/u.test(marks)) return over;
  const after = firstCharacter(text, cut, look.ended);
  if (after === null) return wait;
  return isLowercase(after) ? inside : over;
}

function stopVerdict(look: Look, at: number, over: Verdict, inside: Verdict): Verdict {
  const word = wordBefore(look.text, at, look.from);
  const need = needOf(word, look.text.slice(look.from, at));
  if (need === 'never-ends') return inside;
  if (need === 'nothing') return over;
  const character = firstCharacter(look.text, at + 1, look.ended);
  if (character === null) return wait;
  const next = need === 'next-word' && character !== '' ? firstWord(look.text, at + 1, look.ended) : character;
  if (next === null) return wait;
  return judge(word, next) === 'end' ? over : inside;
}

/** 你好吗?我很好 and Let us go.好的 end; https://a.com/?你好 and U.S.政府 and 1.打开 do not. */
function wideAfterLatin(
  { text, from }: Look,
  at: number,
  run: { readonly marks: string; readonly closed: string },
): boolean {
  if (run.marks === ';') return isWide(text[at - 1] ?? '');
  if (run.marks === '.' && run.closed === '') {
    const word = wordBefore(text, at, from);
    return needOf(word, text.slice(from, at)) === 'nothing' && !/^\d+$/u.test(word);
  }
  let start = at;
  while (start > from && at - start < 256 && !isBlank(text[start - 1] ?? '') && !isWide(text[start - 1] ?? ''))
    start -= 1;
  return !/:\/\/|^www\.|@/u.test(text.slice(start, at));
}

function soft({ text, ended }: Look, at: number): Verdict {
  const mark = text[at] ?? '';
  let cut = at + 1;
  while (cut < text.length && cut - at < longestRun && text[cut] === mark) cut += 1;
  while (cut < text.length && isExtender(codePoint(text, cut))) cut += codePoint(text, cut).length;
  const next = text[cut];
  if (next === undefined) return ended ? { kind: 'none', next: cut } : wait;
  if (isHighSurrogate(next) && cut + 1 === text.length && !ended) return wait;
  // 1,000 and 10:30 and 2010–2020 and http:// are one word each; a Latin mark needs a blank after it.
  const needsBlank = mark === ',' || mark === ':';
  const between = mark === '–' && isDigit(next) && isDigit(text[at - 1] ?? '');
  if (between || (needsBlank && !isBlank(next) && !(isWide(next) && isWide(text[at - 1] ?? ''))))
    return { kind: 'none', next: cut };
  return { kind: 'boundary', strength: 'soft', cut };
}

/** Walks over repeated marks and closing quotes after `at`; `null` when the text ends before they do. */
function markRun(
  { text, ended, quoteOpen }: Look,
  at: number,
  latin: boolean,
): { cut: number; closed: string; marks: string } | null {
  let cut = at + 1;
  let closed = '';
  let marks = text[at] ?? '';
  let open = quoteOpen;
  for (;;) {
    if (cut >= text.length) return ended ? { cut, closed, marks } : null;
    const character = codePoint(text, cut);
    if (isHighSurrogate(character) && cut + 1 === text.length && !ended) return null;
    if (isExtender(character)) {
      cut += character.length;
    } else if (cut - at > longestRun) {
      return { cut, closed, marks };
    } else if (closed === '' && repeatable.has(character)) {
      marks += character;
      cut += 1;
    } else if (isCloser(character, { quoteOpen: open, latin })) {
      if (character === '"') open = !open;
      closed += character;
      cut += 1;
    } else {
      return { cut, closed, marks };
    }
  }
}

function lastSpeakable({ text, from }: Look, at: number): string {
  for (let i = at - 1; i >= from && at - i < longestRun; i -= 1) if (isSpeakable(text[i] ?? '')) return text[i] ?? '';
  return '';
}

const codePoint = (text: string, at: number) => String.fromCodePoint(text.codePointAt(at) ?? 0);
const isHighSurrogate = (character: string) => character.length === 1 && character >= '\ud800' && character <= '\udbff';
