import type { TextEdit } from '#contract/perception.ts';
import type { Dictionary } from '#words/index.ts';
import { tokensOf } from '../gate/index.ts';
import { type Candidate, type Evidence, surplusOf } from './judge.ts';
import { latinIndex } from './latin.ts';
import { type HeardTerm, hearTerms, type Term } from './terms.ts';
import { trieOf } from './trie.ts';

/** A user's terms, ready to be found in texts. */
export interface Glossary {
  readonly terms: number;
  /** Where one of the terms was probably said and something else of like sound is written: changes by `glossary`, in order and apart. */
  find(text: string): TextEdit[];
}

export interface GlossaryOptions {
  /** Keeps what is itself plausible as it stands, and lets shorter and less similar terms be found where it is not (`openDictionary`). */
  readonly dictionary?: Dictionary | undefined;
}

/**
 * Makes a glossary of terms, Chinese, English or mixed. Opening takes some 20 µs a term, finding some 5 µs a character, however many
 * terms there are. Terms of a single Han character are never found: too much sounds like them. Throws `config.invalid` (`hearTerms`).
 */
export function openGlossary(given: readonly (string | Term)[], { dictionary }: GlossaryOptions = {}): Glossary {
  const terms = hearTerms(given).filter(({ units }) => units.length > 0);
  const isLatin = ({ units }: HeardTerm) => units.every(({ kind }) => kind === 'word');
  const spoken = terms.filter((term) => !isLatin(term));
  const trie = trieOf(spoken);
  const latin = latinIndex(terms.filter(isLatin), terms.length);

  function find(text: string): TextEdit[] {
    const tokens = tokensOf(text);
    const evidence: Evidence = { text: Array.from(text), tokens, terms: terms.length, dictionary };
    const candidates = new Map<string, Candidate>();
    for (const at of tokens.keys())
      trie.walk(tokens, at, (number, length) => {
        const term = spoken[number];
        if (term) candidates.set(`${at} ${number}`, { term, from: at, to: at + length });
      });
    const judged = [
      ...[...candidates.values()].map((candidate) => ({ ...candidate, surplus: surplusOf(candidate, evidence) })),
      ...latin(tokens),
    ];
    const edits = judged.map(({ term, from, to, surplus }) => {
      const [start, end] = [tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0];
      const before = evidence.text.slice(start, end).join('');
      // A term that is there already stays, and nothing else is put in its place.
      return {
        edit: { start, end, before, after: term.text, by: 'glossary' as const },
        surplus: before === term.text ? Number.POSITIVE_INFINITY : surplus,
      };
    });
    return surest(edits.filter(({ surplus }) => surplus >= 0)).filter(({ before, after }) => before !== after);
  }
  return { terms: terms.length, find };
}

/** Those that do not overlap, the surest first, longer ones before shorter ones; in order. */
function surest(edits: readonly { edit: TextEdit; surplus: number }[]): TextEdit[] {
  const length = ({ start, end }: TextEdit) => end - start;
  const order = [...edits].sort((a, b) =>
    a.surplus === b.surplus ? length(b.edit) - length(a.edit) : b.surplus - a.surplus,
  );
  const taken: TextEdit[] = [];
  for (const { edit } of order)
    if (taken.every(({ start, end }) => end <= edit.start || start >= edit.end)) taken.push(edit);
  return taken.sort((a, b) => a.start - b.start);
}
