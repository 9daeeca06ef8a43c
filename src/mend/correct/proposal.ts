import type { Passage } from './passages.ts';

/** What a model would have: words for numbered places, or a whole line for a passage, by its index. */
export interface Proposal {
  readonly places: ReadonlyMap<number, string>;
  readonly lines: ReadonlyMap<number, string>;
}

/** Longer answers are cut: no correction is that long. */
const MOST_CHARACTERS = 20_000;

/**
 * What an answer proposes. Small models heed a format loosely, so JSON in any of its shapes is taken, then numbered lines, the brackets of the
 * question filled in, and at last whole lines, one for each passage. `null` where nothing can be made of it.
 */
export function proposalFrom(answer: string, passages: readonly Passage[]): Proposal | null {
  const said = answer
    .slice(0, MOST_CHARACTERS)
    .replace(/<think>[\s\S]*?(?:<\/think>|$)/gi, '')
    .replace(/```\w*/g, '')
    .trim();
  const numbers = passages.flatMap(({ places }) => places.map(({ number }) => number));
  const places = fromJson(said, numbers) ?? fromBrackets(said) ?? fromNumberedLines(said);
  if (places !== null) {
    const known = [...places].filter(([number]) => numbers.includes(number));
    return known.length === 0 ? null : { places: new Map(known), lines: new Map() };
  }
  const lines = said
    .split('\n')
    .map(unquoted)
    .filter((line) => line !== '');
  if (lines.length !== passages.length) return null;
  return { places: new Map(), lines: new Map(lines.map((line, index) => [index, line])) };
}

/** `{"1":"…"}`, `["…","…"]`, `[{"number":1,"text":"…"}]`; the first that can be read, also where its end is missing. */
function fromJson(said: string, numbers: readonly number[]): Map<number, string> | null {
  const start = said.search(/[{[]\s*["{]/);
  if (start < 0) return null;
  const opened = said.slice(start);
  const close = opened.startsWith('{') ? '}' : ']';
  const read =
    parsed(opened.slice(0, opened.lastIndexOf(close) + 1)) ??
    parsed(`${opened}${close}`) ??
    parsed(`${opened}"${close}`) ??
    firstOf(opened, close);
  if (typeof read !== 'object' || read === null) return null;
  const found = new Map<number, string>();
  for (const [key, value] of Object.entries(read)) {
    if (Array.isArray(read)) entryIn(value, numbers[Number(key)], found);
    else entryIn(value, numberIn(key), found);
  }
  return found.size === 0 ? null : found;
}

function firstOf(text: string, close: string): unknown {
  const end = text.indexOf(close);
  return end < 0 ? undefined : parsed(text.slice(0, end + 1));
}

function entryIn(value: unknown, number: number | undefined, found: Map<number, string>): void {
  if (typeof value === 'string') {
    if (number !== undefined) found.set(number, cleaned(value));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = Object.values(value);
  const own = fields
    .map((field) => (typeof field === 'number' ? field : undefined))
    .find((field) => field !== undefined);
  const text = fields.findLast((field): field is string => typeof field === 'string');
  const place = own ?? number;
  if (place !== undefined && text !== undefined) found.set(place, cleaned(text));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `他[1:扶]着墙` */
function fromBrackets(said: string): Map<number, string> | null {
  const found = [...said.matchAll(/[[【]\s*(\d{1,3})\s*[:：]([^\]】\n]{0,200})[\]】]/gu)];
  return found.length === 0 ? null : new Map(found.map(([, number, text = '']) => [Number(number), cleaned(text)]));
}

/** `1: 扶` */
function fromNumberedLines(said: string): Map<number, string> | null {
  const found = [...said.matchAll(/^[ \t]*[-*"'“[(（【]*(\d{1,3})["'”\])）】]*[ \t]*[:：.、=）)→]+[ \t]*(.*)$/gmu)];
  return found.length === 0 ? null : new Map(found.map(([, number, text = '']) => [Number(number), cleaned(text)]));
}

function numberIn(key: string): number | undefined {
  const digits = /\d{1,3}/.exec(key)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/** What is meant by a value: the right side of an arrow, nothing of quotes and commas around it. */
function cleaned(value: string): string {
  return unquoted(value.split(/\s*(?:->|→|=>)\s*/).at(-1) ?? '');
}

const PAIRS: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '‘': '’',
  '「': '」',
  '[': ']',
  '【': '】',
};

function unquoted(value: string): string {
  const text = value
    .trim()
    .replace(/[,，]$/u, '')
    .trim();
  const first = text.charAt(0);
  const isQuoted = text.length >= 2 && PAIRS[first] === text.at(-1);
  return isQuoted ? text.slice(1, -1).trim() : text;
}
