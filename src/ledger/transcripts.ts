import type { Perception, Transcript } from '#contract/perception.ts';

/** What was heard of a part: by itself, or as part of a video. */
export function transcriptIn(perception: Perception): readonly Transcript[] {
  if (perception.kind === 'timeline') return perception.transcript ? [perception.transcript] : [];
  return perception.kind === 'transcript' ? [perception] : [];
}
