import { emojiAt, mayBeEmoji } from './emoji.ts';
import { angleAt } from './html.ts';
import { addressAt, bracketAt, imageAt } from './link.ts';
import { type Dropped, drop, findClose, type Place, type Step, say } from './step.ts';

const word = /[\p{L}\p{N}]/u;
const isWord = (character: string | undefined) => character !== undefined && character !== '' && word.test(character);
const isGap = (character: string | undefined) => character === undefined || character === '' || /\s/u.test(character);

/** Reads one thing inside a line: a marker, a link, code, math, an emoji, or simply the next character. */
export function inlineAt(place: Place): Step {
  const { text, at, previous } = place;
  const character = text[at] ?? '';
  switch (character) {
    case '*':
    case '_':
    case '~':
      return emphasis(place, character);
    case '`':
      return code(place);
    case '[':
      return bracketAt(place, speakInline);
    case '!':
      return imageAt(place) ?? say(place, 1, '!');
    case '<':
      return angleAt(place);
    case '$':
      return dollar(place);
    case '\\':
      return backslash(place);
    case '&':
      return entity(place);
    case '#':
      return hash(place);
    case '【':
      return source(place);
    case 'h':
    case 'H':
    case 'w':
    case 'W':
      return (isWord(previous) && previous < '\u1100' ? null : addressAt(place)) ?? say(place, 1, character);
    default:
      return (mayBeEmoji(text.charCodeAt(at)) ? emojiAt(place) : null) ?? say(place, 1, character);
  }
}

/** Reads a stretch that is wholly known, such as the text of a link. */
export function speakInline(text: string): { text: string; dropped: readonly Dropped[] } {
  let said = '';
  const dropped: Dropped[] = [];
  for (let at = 0; at < text.length; ) {
    const step = inlineAt({ text, at, previous: text[at - 1] ?? '', ended: true });
    if (step === 'wait') break;
    said += step.say;
    dropped.push(...(step.dropped ?? []));
    at = step.next;
  }
  return { text: said, dropped };
}

function runLength(text: string, at: number): number {
  let end = at;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

/** 2 * 3, 2*3 and snake_case keep their marks; *word* and __word__ and ~~word~~ lose them. */
function emphasis(place: Place, mark: string): Step {
  const { text, at, previous, ended } = place;
  const length = runLength(text, at);
  const next = text[at + length];
  if (next === undefined && !ended) return 'wait';
  const literal =
    (isGap(previous) && isGap(next)) ||
    (mark === '*' && length === 1 && /\d/u.test(previous) && /\d/u.test(next ?? '')) ||
    (mark === '_' && isWord(previous) && isWord(next)) ||
    (mark === '~' && length === 1);
  return say(place, length, literal ? text.slice(at, at + length) : '');
}

/** Code that reads like words is said (`npm install`, `user_id`); the rest is reported. */
function code(place: Place): Step {
  const { text, at, ended } = place;
  const length = runLength(text, at);
  if (at + length === text.length && !ended) return 'wait';
  const mark = '`'.repeat(length);
  const end = findClose(place, at + length, mark, 300);
  if (end === 'wait') return 'wait';
  if (end < 0) return say(place, length, '');
  const inner = text.slice(at + length, end).trim();
  const spoken = /^-{0,2}([\p{L}\p{N}@.][\p{L}\p{M}\p{N} ._/@:+#'-]*)(?:\(\))?$/u.exec(inner)?.[1];
  const whole = end + length - at;
  if (spoken === undefined || inner.length > 40) return drop(place, whole, 'inline-code');
  return say(place, whole, spoken.replaceAll('_', ' '));
}

/** $x$ is said, $\frac{a}{b}$ reported, $5 left as money. */
function dollar(place: Place): Step {
  const { text, at, ended } = place;
  const length = text[at + 1] === '$' ? 2 : 1;
  const next = text[at + length];
  if (next === undefined) return ended ? say(place, length, text.slice(at, at + length)) : 'wait';
  if (length === 1 && (isGap(next) || /\d/u.test(next))) return say(place, 1, '$');
  return math(place, '$'.repeat(length), '$'.repeat(length)) ?? say(place, length, text.slice(at, at + length));
}

function backslash(place: Place): Step {
  const { text, at, ended } = place;
  const next = text[at + 1];
  if (next === undefined) return ended ? say(place, 1, '\\') : 'wait';
  const found = next === '(' ? math(place, '\\(', '\\)') : next === '[' ? math(place, '\\[', '\\]') : null;
  if (found !== null) return found;
  if (next === '\n') return say(place, 1, '');
  return /[!-/:-@[-`{-~]/u.test(next) ? say(place, 2, next) : say(place, 1, '\\');
}

function math(place: Place, opening: string, closing: string): Step | null {
  const from = place.at + opening.length;
  const end = findClose(place, from, closing, opening === '$' ? 200 : 1000);
  if (end === 'wait') return 'wait';
  if (end < 0) return null;
  const inner = place.text.slice(from, end);
  // "costs $a, or b$" and the like: a closing dollar never follows a blank.
  if (opening === '$' && (/\s$/u.test(inner) || inner === '')) return null;
  const length = end + closing.length - place.at;
  return /^\s*[\p{L}\p{N}]{1,3}\s*$/u.test(inner) ? say(place, length, inner.trim()) : drop(place, length, 'math');
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  deg: '°',
  times: '×',
};

function entity(place: Place): Step {
  const { text, at, ended } = place;
  const found = /&(#?[a-z0-9]{1,6});/uy;
  found.lastIndex = at;
  const name = found.exec(text)?.[1];
  if (name !== undefined) return say(place, name.length + 2, entities[name] ?? `&${name};`);
  return !ended && /^&#?[a-z0-9]{0,6}$/u.test(text.slice(at, at + 9)) ? 'wait' : say(place, 1, '&');
}

/** The closing marks of "## Title ##" are not said. */
function hash(place: Place): Step {
  const { text, at, previous, ended } = place;
  const length = runLength(text, at);
  const next = text[at + length];
  if (next === undefined && !ended) return 'wait';
  const closing = isGap(previous) && previous !== '' && (next === undefined || next === '\n');
  return say(place, length, closing ? '' : text.slice(at, at + length));
}

/** 【12†source】, the form in which some models cite. */
function source(place: Place): Step {
  const end = findClose(place, place.at, '】', 80);
  if (end === 'wait') return 'wait';
  const whole = place.text.slice(place.at, end + 1);
  return end >= 0 && /^【\d+(?::\d+)?†[^】]*】$/u.test(whole)
    ? drop(place, whole.length, 'citation')
    : say(place, 1, '【');
}
