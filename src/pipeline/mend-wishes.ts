import { readFile } from 'node:fs/promises';
import type { Config } from '#config/index.ts';
import { SensoriumError } from '#contract/error.ts';
import { hotwords, parseTerms, type Term } from '#mend/index.ts';

/** What a request asks to be mended; what it leaves out is as the configuration says. */
export interface MendWishes {
  /** Words that are likely to be said, beside those of the configuration; pinyin may stand after a tab. */
  readonly glossary?: readonly string[] | undefined;
  readonly correct?: boolean | undefined;
  readonly gloss?: boolean | undefined;
  readonly escalate?: 'off' | 'doubtful' | undefined;
}

/** What is mended in one request. `terms` are lists of words, the request's own last. */
export interface Mend extends Pick<Config['mend'], 'correct' | 'corrector' | 'correctSeconds' | 'gloss' | 'escalate'> {
  readonly terms: readonly (readonly Term[])[];
}

const NOTHING = { terms: [], correct: false, gloss: false, escalate: 'off' } as const;

/** Puts the wishes of a request on top of the configuration. `false` mends nothing, and then no list of words is opened. */
export async function mendOf(
  wishes: MendWishes | false | undefined,
  { glossary, ...configured }: Config['mend'],
  configuredTerms: () => Promise<readonly Term[]>,
): Promise<Mend> {
  if (wishes === false) return { ...configured, ...NOTHING };
  const { glossary: words = [], ...own } = wishes ?? {};
  const asked = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const lists = [glossary === null ? [] : await configuredTerms(), parseTerms(words.join('\n'))];
  return { ...configured, ...asked, terms: lists.filter((list) => list.length > 0) };
}

/** How much of a prompt is worth it, in code points: Whisper takes 224 tokens, and a Han character is up to two. */
const PROMPT_CHARACTERS = 120;

/** The first of the terms, the request's own before the configured ones, for a recogniser that heeds words that are likely. */
export function hotwordsOf({ terms }: Pick<Mend, 'terms'>): string | undefined {
  return hotwords([...terms].reverse().flat(), PROMPT_CHARACTERS) || undefined;
}

/** A glossary larger than this is none. */
const MOST_BYTES = 16 * 2 ** 20;

/** The terms of a file, one a line. Throws `config.invalid` where it cannot be read. */
export async function termsIn(path: string): Promise<readonly Term[]> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw unusable(`The glossary cannot be read (${cause.code ?? 'unknown error'}).`, cause);
  });
  if (bytes.length > MOST_BYTES) throw unusable(`The glossary is larger than ${MOST_BYTES / 2 ** 20} MB.`);
  return parseTerms(bytes.toString('utf8').replace(/^\uFEFF/, ''));
}

function unusable(message: string, cause?: unknown): SensoriumError {
  return new SensoriumError('config.invalid', message, {
    hint: 'Set mend.glossary to a text file with one term a line, in UTF-8.',
    cause,
  });
}
