/** A stretch of text that looks the same throughout. */
export interface Run {
  readonly text: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly strike?: boolean;
  readonly script?: 'super' | 'sub' | null;
  readonly link?: string | null;
}

const SUPER: Readonly<Record<string, string>> = Object.fromEntries(zip('0123456789+-=()ni', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ'));
const SUB: Readonly<Record<string, string>> = Object.fromEntries(zip('0123456789+-=()', '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎'));

function zip(from: string, to: string): [string, string][] {
  const those = [...to];
  return [...from].map((character, index) => [character, those[index] ?? '']);
}

/**
 * Runs as Markdown. Neighbours that look the same become one, so that a word written in three runs has one pair of stars. Raised
 * and lowered figures stay so (10⁶ is not 106): as Unicode where it has them, else `^(…)`, `_(…)`.
 */
export function inlineOf(runs: readonly Run[]): string {
  const merged: Run[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (last && looksLike(last, run)) merged[merged.length - 1] = { ...last, text: last.text + run.text };
    else if (run.text !== '') merged.push(run);
  }
  return merged.map(written).join('');
}

function looksLike(a: Run, b: Run): boolean {
  return (
    !a.bold === !b.bold &&
    !a.italic === !b.italic &&
    !a.strike === !b.strike &&
    (a.script ?? null) === (b.script ?? null) &&
    (a.link ?? null) === (b.link ?? null)
  );
}

function written({ text, bold, italic, strike, script, link }: Run): string {
  const inner = text.trim();
  if (inner === '') return text;
  let marked = inner;
  if (script) marked = scripted(inner, script);
  for (const [on, mark] of [
    [italic, '*'],
    [bold, '**'],
    [strike, '~~'],
  ] as const) {
    if (on) marked = mark + marked + mark;
  }
  if (link && link !== inner) marked = `[${marked}](${link})`;
  const start = text.indexOf(inner);
  return text.slice(0, start) + marked + text.slice(start + inner.length);
}

function scripted(text: string, script: 'super' | 'sub'): string {
  const table = script === 'super' ? SUPER : SUB;
  const characters = [...text];
  if (characters.every((character) => table[character])) return characters.map((each) => table[each]).join('');
  return `${script === 'super' ? '^' : '_'}(${text})`;
}

/** A link worth telling: where it leads outside the document. A scheme that runs something, or carries data, is none. */
export function linkTo(target: string | undefined): string | null {
  return target !== undefined && /^(https?|mailto|tel):/i.test(target) && target.length <= 2_000
    ? target.replaceAll(/[\s()]/g, encodeURIComponent)
    : null;
}

/** A paragraph that begins like a Markdown heading, though it is none, says so. */
export function plainBlock(text: string): string {
  return text.replaceAll(/^(#{1,6} )/gm, '\\$1');
}

/** Text without what no document means: control characters, odd spaces and lone surrogates; in one Unicode form (NFC). */
export function cleaned(text: string): string {
  return (
    text
      .replaceAll(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b\u2060\ufeff]/g, '')
      .replaceAll(/[\u00a0\u2028\u2029]/g, ' ')
      .replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
      .normalize('NFC')
  );
}
