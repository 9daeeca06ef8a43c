import type { Ledger } from '#contract/ledger.ts';
import { Perception, textGiven } from '#contract/perception.ts';
import type { GivenText } from './html.ts';
import { type Problem, validateLedger } from './validate.ts';

/** A ledger as it was found, or why what stands there is none. `line` counts from 1; `texts` are those it is about, where they are beside it. */
export type Entry =
  | {
      readonly line: number;
      readonly ledger: Ledger;
      readonly problems: readonly [];
      readonly texts: readonly GivenText[];
    }
  | { readonly line: number; readonly ledger: null; readonly problems: readonly Problem[] };

/** No ledger is longer, and memory has an end; what is longer is told as a bad line. In UTF-16 units. */
const LONGEST_LINE = 16 * 2 ** 20;

/**
 * The ledgers of a text, one after the other: a log with one on each line, one ledger alone, or an answer that has one (a report of
 * `sensorium ask --json`, an answer of the server). Lines that are none are told, and do not stop it.
 */
export async function* ledgersIn(chunks: AsyncIterable<string>): AsyncGenerator<Entry> {
  let isFirst = true;
  // One object over many lines begins with a line that is none by itself.
  let whole: string | null = null;
  const held: { line: number; text: string }[] = [];
  for await (const { line, text } of linesOf(chunks)) {
    if (text !== null && text.trim() === '') continue;
    if (isFirst && text !== null && /^\s*\{\s*$/.test(text)) whole = '';
    isFirst = false;
    if (whole === null || text === null) {
      yield entryOf(line, text);
      continue;
    }
    held.push({ line, text });
    whole = whole.length + text.length > LONGEST_LINE ? null : `${whole}${text}\n`;
    if (whole === null) for (const one of held.splice(0)) yield entryOf(one.line, one.text);
  }
  if (whole !== null) yield entryOf(held[0]?.line ?? 1, whole);
}

function entryOf(line: number, text: string | null): Entry {
  if (text === null) return { line, ledger: null, problems: [{ path: '', message: 'is longer than any ledger' }] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, ledger: null, problems: [{ path: '', message: 'is not JSON' }] };
  }
  const [found, beside] = ledgerWithin(value);
  if (found === undefined) return { line, ledger: null, problems: [{ path: '', message: 'has no ledger in it' }] };
  const problems = validateLedger(found);
  if (problems.length > 0) return { line, ledger: null, problems };
  return { line, ledger: found as Ledger, problems: [], texts: textsOf(beside) };
}

/** A value itself where it says it is a ledger, else the one it carries; and what was perceived beside it. */
function ledgerWithin(value: unknown): readonly [ledger: unknown, beside: readonly unknown[]] {
  if (!isObject(value)) return [undefined, []];
  if ('schema' in value) return [value, []];
  const carrier = isObject(value.sensorium) && isObject(value.sensorium.ledger) ? value.sensorium : value;
  if (!isObject(carrier.ledger)) return [undefined, []];
  return [carrier.ledger, Array.isArray(carrier.perceptions) ? carrier.perceptions : [carrier]];
}

function textsOf(beside: readonly unknown[]): GivenText[] {
  return beside.flatMap((one) => {
    const { data: perception } = Perception.safeParse(one);
    if (!perception || perception.kind === 'plain-text') return [];
    const language = perception.kind === 'transcript' ? perception.language : null;
    return [{ part: perception.part, text: textGiven(perception), language }];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lines with their numbers; of one that is too long `null`. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<{ line: number; text: string | null }> {
  let line = 1;
  let rest = '';
  let isTooLong = false;
  for await (const chunk of chunks) {
    const pieces = chunk.split('\n');
    for (const [at, piece] of pieces.entries()) {
      if (!isTooLong) rest += piece;
      if (rest.length > LONGEST_LINE) {
        isTooLong = true;
        rest = '';
      }
      if (at === pieces.length - 1) continue;
      yield { line, text: isTooLong ? null : rest };
      line += 1;
      rest = '';
      isTooLong = false;
    }
  }
  if (isTooLong || rest !== '') yield { line, text: isTooLong ? null : rest };
}
