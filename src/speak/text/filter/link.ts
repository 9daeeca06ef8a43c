import { isWide } from '../segmenter/marks.ts';
import { type Dropped, drop, findClose, type Place, type Step, say } from './step.ts';

const schemes = ['https://', 'http://', 'www.'];
// Characters that end an address in running text, besides blanks and wide characters.
const addressEnd = /[\s<>"“”‘’`|\\^{}[\]]/u;

/** Reads a bare address: its host is said ("example.com"), the rest reported. `null`: no address begins here. */
export function addressAt(place: Place): Step | null {
  const { text, at, ended } = place;
  const start = text.slice(at, at + 8).toLowerCase();
  if (!schemes.some((scheme) => start.startsWith(scheme))) {
    return !ended && text.length - at < 8 && schemes.some((scheme) => scheme.startsWith(start)) ? 'wait' : null;
  }
  let end = at;
  while (end < text.length && !addressEnd.test(text[end] ?? '') && !isWide(text[end] ?? '')) end += 1;
  if (end === text.length && !ended) return 'wait';
  let address = text.slice(at, end).replace(/[.,;:!?'*_~]+$/u, '');
  if (address.endsWith(')') && !address.includes('(')) address = address.replace(/[).,;:!?'*_~]+$/u, '');
  const host = hostOf(address);
  if (host === '') return null;
  const whole = /^(?:https?:\/\/)?(?:www\.)?[^/?#]+\/?$/iu.test(address);
  return whole ? say(place, address.length, host) : drop(place, address.length, 'link', host);
}

export const hostOf = (address: string) =>
  /^(?:https?:\/\/)?(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)/iu.exec(address)?.[1]?.toLowerCase() ?? '';

/** Reads [text](address), [text][reference], [1] and [^note]; `speak` turns the text between the brackets into words. */
export function bracketAt(place: Place, speak: (inner: string) => { text: string; dropped: readonly Dropped[] }): Step {
  const { text, at, ended } = place;
  const close = closeOf(place, at);
  if (close === 'wait') return 'wait';
  if (close < 0) return say(place, 1, '[');
  const inner = text.slice(at + 1, close);
  const after = text[close + 1];
  if (after === undefined && !ended) return 'wait';
  if (after === '(' || after === '[') {
    const end = after === '(' ? parenthesisEnd(place, close + 1) : findClose(place, close + 2, ']', 200);
    if (end === 'wait') return 'wait';
    if (end >= 0) {
      const spoken = speak(inner);
      const target = text.slice(close + 2, end).trim();
      const dropped = [...spoken.dropped, { what: 'link' as const, text: target === '' ? inner : target }];
      return { next: end + 1, say: spoken.text, dropped };
    }
  }
  if (/^(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|\^[^\]]{1,60})$/u.test(inner))
    return drop(place, inner.length + 2, 'citation');
  return say(place, 1, '[');
}

/** Reads ![alt](address): a picture cannot be said. `null`: just an exclamation mark. */
export function imageAt(place: Place): Step | null {
  const { text, at, ended } = place;
  const next = text[at + 1];
  if (next === undefined && !ended) return 'wait';
  if (next !== '[') return null;
  const close = closeOf(place, at + 1);
  if (close === 'wait' || (close >= 0 && close + 1 >= text.length && !ended)) return 'wait';
  if (close < 0 || text[close + 1] !== '(') return null;
  const end = parenthesisEnd(place, close + 1);
  if (end === 'wait') return 'wait';
  return end < 0 ? null : drop(place, end + 1 - at, 'image');
}

function closeOf({ text, ended }: Place, open: number): number | 'wait' {
  let depth = 0;
  for (let i = open; i < text.length && i - open <= 500; i += 1) {
    const character = text[i];
    if (character === '\\') i += 1;
    else if (character === '\n' && text[i + 1] === '\n') return -1;
    else if (character === '[') depth += 1;
    else if (character === ']') depth -= 1;
    if (depth === 0) return i;
  }
  return ended || text.length - open > 500 ? -1 : 'wait';
}

function parenthesisEnd({ text, ended }: Place, open: number): number | 'wait' {
  let depth = 0;
  for (let i = open; i < text.length && i - open <= 1000; i += 1) {
    const character = text[i];
    if (character === '\n') return -1;
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth === 0) return i;
  }
  return ended || text.length - open > 1000 ? -1 : 'wait';
}
