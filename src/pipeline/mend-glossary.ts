import type { Perception, TextEdit } from '#contract/perception.ts';
import { applyEdits, type Glossary, heardIn, joinEdits, openGlossary, type Term } from '#mend/index.ts';
import type { Dictionary } from '#words/index.ts';
import { type Changed, transcriptIn, UNCHANGED } from './mend-text.ts';
import { mitigationOf } from './mitigations.ts';

/** Writes a user's terms where something that sounds like them was heard. Lists are gone through one after the other. */
export function withTerms(
  perception: Perception,
  lists: readonly (readonly Term[])[],
  dictionary: Dictionary | null,
): Changed {
  const transcript = transcriptIn(perception);
  if (lists.length === 0 || !transcript) return UNCHANGED;
  let edits: TextEdit[] = [];
  for (const list of lists) {
    const found = glossaryOf(list, dictionary).find(applyEdits(perception.text, edits));
    edits = joinEdits(perception.text, edits, found);
  }
  // Beside what was said a video's text has what was written and shown.
  const said = heardIn(perception.text, transcript.segments);
  edits = edits.filter((edit) => said.some(({ start, end }) => edit.start >= start && edit.end <= end));
  const terms = lists.reduce((sum, list) => sum + list.length, 0);
  const record = mitigationOf({
    ...{ id: 'glossary', part: perception.part, applied: true, by: 'glossary' },
    ...{ editsProposed: edits.length, editsAccepted: edits.length, addedTokens: 0 },
    note: `${edits.length} places that sound like one of ${terms} terms are written as it is.`,
  });
  return { edits, records: [record] };
}

const opened = new WeakMap<readonly Term[], Glossary>();

/** A list that is used again, such as the configured one, is made ready once. */
function glossaryOf(terms: readonly Term[], dictionary: Dictionary | null): Glossary {
  const glossary = opened.get(terms) ?? openGlossary(terms, { dictionary: dictionary ?? undefined });
  // Without the dictionary it knows less, so that is not kept.
  if (dictionary !== null) opened.set(terms, glossary);
  return glossary;
}
