import type { Mitigation } from '#contract/ledger.ts';
import { type Perception, type TextEdit, type Transcript, textGiven } from '#contract/perception.ts';
import { applyEdits, aroundMarks } from '#mend/index.ts';

/** Changes of one text with their records. Edits count in the text as it was perceived, without marks of tone. */
export interface Changed {
  readonly edits: readonly TextEdit[];
  readonly records: readonly Mitigation[];
}

export const UNCHANGED: Changed = { edits: [], records: [] };

/** What was heard of a perception, by itself or in a video. */
export function transcriptIn(perception: Perception): Transcript | null {
  if (perception.kind === 'timeline') return perception.transcript;
  return perception.kind === 'transcript' ? perception : null;
}

/** The same without marks of tone, so that places count in its plain text. */
export function withoutMarks(perception: Perception): Perception {
  if (perception.kind !== 'transcript') return perception;
  const { enriched: _, ...bare } = perception;
  return bare;
}

/** A perception with edits of its plain text made to what the model is given; marks of tone stay where they were. */
export function mendedBy(perception: Perception, edits: readonly TextEdit[]): Perception {
  if (edits.length === 0 || perception.kind === 'plain-text') return perception;
  const marks = perception.kind === 'transcript' ? (perception.enriched?.marks ?? []) : [];
  const placed = aroundMarks(edits, marks);
  return { ...perception, mended: { text: applyEdits(textGiven(perception), placed), edits: placed } };
}
