import { type Place, type Step, say } from './step.ts';

/** Reads what can only stand at the beginning of a line (fence, heading, quote, list, rule, table); `null`: nothing such. */
export function blockAt(place: Place): Step | null {
  switch (place.text[place.at]) {
    case '`':
    case '~':
      return fence(place);
    case '#':
      return marker(place, /#{1,6}(?=[ \t\n]|$)/y, /#{1,6}$/y);
    case '>':
      return { next: place.at + 1, say: '', lineStart: true };
    case '-':
    case '+':
    case '*':
      return marker(place, /[-+*](?=[ \t])/y, /[-+*]$/y) ?? rule(place);
    case '_':
    case '=':
      return rule(place);
    case '|':
      return { next: place.at, say: '', skip: { kind: 'table' } };
    case '[':
      return task(place) ?? definition(place);
    default:
      return null;
  }
}

function fence(place: Place): Step | null {
  const { text, at, ended } = place;
  const line = lineAt(place);
  const opening = /^(`{3,}|~{3,})([^\n]*)/u.exec(line ?? text.slice(at));
  if (!opening) return !ended && /^(?:`{1,2}|~{1,2})$/u.test(text.slice(at)) ? 'wait' : null;
  if (line === null) return 'wait';
  // ```code``` on one line is inline code.
  if (opening[2]?.includes('`')) return null;
  return { next: at + line.length + 1, say: '', lineStart: true, skip: { kind: 'fence', mark: opening[1] ?? '' } };
}

function marker(place: Place, whole: RegExp, unfinished: RegExp): Step | null {
  const found = matchAt(whole, place);
  if (!place.ended && matchAt(unfinished, place) !== null) return 'wait';
  return found === null ? null : { next: place.at + found.length, say: '', lineStart: true };
}

/** A rule (---, ***, ___) or the line under a heading (===, ---): nothing to say. */
function rule(place: Place): Step | null {
  if (!place.ended && matchAt(/([-*_=+])\1*[ \t]*$/y, place) !== null) return 'wait';
  const found = matchAt(/(?:-{2,}|={2,}|\*{3,}|_{3,})[ \t]*(?=\n|$)/y, place);
  return found === null ? null : say(place, found.length, '');
}

function task(place: Place): Step | null {
  const found = matchAt(/\[[ xX]\](?=[ \t])/y, place);
  if (found !== null) return { next: place.at + found.length, say: '', lineStart: true };
  return !place.ended && matchAt(/\[(?:[ xX]\]?)?$/y, place) !== null ? 'wait' : null;
}

function definition(place: Place): Step | null {
  const { at, ended } = place;
  const label = matchAt(/\[[^\]\n]{1,200}\]:/y, place);
  if (label === null) return !ended && matchAt(/\[[^\]\n]{0,200}\]?$/y, place) !== null ? 'wait' : null;
  const line = lineAt(place);
  if (line === null) return 'wait';
  const what = label.startsWith('[^') ? 'citation' : 'link';
  return { next: at + line.length, say: '', dropped: [{ what, text: line }] };
}

/** The rest of the line without its end, or `null` while the end has not come. */
export function lineAt({ text, at, ended }: Omit<Place, 'previous'>): string | null {
  const end = text.indexOf('\n', at);
  if (end < 0) return ended ? text.slice(at) : null;
  return text.slice(at, end);
}

function matchAt(pattern: RegExp, { text, at }: Place): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
