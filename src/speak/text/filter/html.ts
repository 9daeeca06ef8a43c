import { hostOf } from './link.ts';
import { drop, type Place, type Step, say } from './step.ts';

const tag =
  /<\/?([A-Za-z][A-Za-z0-9-]*)(?:\s+[A-Za-z_:@][\w:.-]*(?:\s*=\s*(?:"[^"\n]*"|'[^'\n]*'|[^\s"'=<>`]+))?)*\s*\/?>/uy;
const reach = 300;

/** Tags that only shape text: leaving them out loses no words. */
const formatting = new Set(
  `a abbr b blockquote body br center cite code dd del details div dl dt em font h1 h2 h3 h4 h5 h6 header footer hr html i ins
  kbd li main mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th thead tr tt u ul var`.split(
    /\s+/u,
  ),
);
const lineBreaking = /^(?:br|hr|p|div|li|ul|ol|tr|table|blockquote|section|pre|h[1-6]|dd|dt|summary)$/u;

/** Reads a tag, a comment or an <address>; anything else is a less-than sign. */
export function angleAt(place: Place): Step {
  const { text, at, ended } = place;
  const next = text[at + 1];
  if (next === undefined && !ended) return 'wait';
  if (next === '!') return comment(place);
  if (!/[A-Za-z/]/u.test(next ?? '')) return say(place, 1, '<');

  const close = text.indexOf('>', at);
  const line = text.indexOf('\n', at);
  const known = close >= 0 || line >= 0 || ended || text.length - at > reach;
  if (!known) return 'wait';
  const inner = close >= 0 && close - at <= reach && (line < 0 || close < line) ? text.slice(at + 1, close) : null;
  if (inner === null) return say(place, 1, '<');
  if (/^https?:\/\/\S+$/iu.test(inner)) return drop(place, inner.length + 2, 'link', hostOf(inner));
  if (/^[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+$/u.test(inner)) return say(place, inner.length + 2, inner);

  tag.lastIndex = at;
  const found = tag.exec(text);
  if (!found) return say(place, 1, '<');
  const name = (found[1] ?? '').toLowerCase();
  const skipped = /^(?:think|thinking|reasoning|script|style)$/u.test(name) && next !== '/' && !found[0].endsWith('/>');
  if (skipped) {
    const what = name === 'script' || name === 'style' ? 'html' : 'reasoning';
    return { next: at + found[0].length, say: '', skip: { kind: 'until', closer: `</${name}>`, what } };
  }
  if (!formatting.has(name)) return drop(place, found[0].length, 'html');
  return say(place, found[0].length, lineBreaking.test(name) ? '\n' : '');
}

function comment(place: Place): Step {
  const opening = '<!--';
  const have = place.text.slice(place.at, place.at + opening.length);
  if (have === opening) {
    return { next: place.at + opening.length, say: '', skip: { kind: 'until', closer: '-->', what: 'html' } };
  }
  return !place.ended && opening.startsWith(have) ? 'wait' : say(place, 1, '<');
}
