import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { Variant } from './variant.ts';

/** One pronunciation, or one for each part of speech; `null` there means "spell it" (the US, not us). */
export type LexiconEntry = string | Readonly<Record<string, string | null>>;

/** The hand-checked tier (`gold`) and the machine-made one (`silver`) of the Misaki lexicon. */
export type Lexicon = {
  gold(word: string): LexiconEntry | undefined;
  silver(word: string): LexiconEntry | undefined;
  /** The gold entry written exactly so: a common word, not a name looked up in lower case. */
  common(word: string): LexiconEntry | undefined;
};

type Table = Readonly<Record<string, LexiconEntry>>;

/** Makes a lexicon from two plain tables. A word is also found under its lower-case or capitalised spelling. */
function createLexicon(gold: Table, silver: Table): Lexicon {
  return { gold: (word) => find(gold, word), silver: (word) => find(silver, word), common: (word) => own(gold, word) };
}

/** Reads `us_gold.json` and `us_silver.json` (or `gb_…`) from a folder. */
export async function loadLexicon(folder: string, variant: Variant): Promise<Lexicon> {
  const [gold, silver] = await Promise.all(
    ['gold', 'silver'].map((tier) => readTable(folder, `${variant}_${tier}.json`)),
  );
  return createLexicon(gold ?? {}, silver ?? {});
}

async function readTable(folder: string, name: string): Promise<Table> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8')) as Table;
  } catch (cause) {
    throw new SensoriumError('speak.pronunciation-data-broken', `The English lexicon file ${name} cannot be read.`, {
      hint: 'Run "sensorium models verify" and fetch the English lexicon again.',
      details: { file: name },
      cause,
    });
  }
}

function find(table: Table, word: string): LexiconEntry | undefined {
  const exact = own(table, word);
  if (exact !== undefined || word.length < 2) return exact;
  const lower = word.toLowerCase();
  const capitalised = lower.charAt(0).toUpperCase() + lower.slice(1);
  if (word === lower) return own(table, capitalised);
  return word === capitalised ? own(table, lower) : undefined;
}

function own(table: Table, word: string): LexiconEntry | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
