import type { SoundFinding } from '#contract/finding.ts';
import { lossOf } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import type { Enriched, Transcript } from '#contract/perception.ts';
import type { CallContext } from '#contract/ports.ts';
import { marksFor } from './marks.ts';
import { framesOf } from './prosody/frames.ts';

/**
 * Listens once more to a recording for how its words were said, and writes that into the text. Where the sound does not tell, that is a loss:
 * the language model is given words alone.
 */
export async function enrich(
  transcript: Transcript,
  sound: Sound,
  finding: SoundFinding,
  context: CallContext,
): Promise<Enriched> {
  if (transcript.segments.length === 0) return { text: transcript.text, marks: [], withheld: null };
  const enriched = marksFor(transcript, await framesOf(sound, finding, context.signal), finding);
  if (enriched.withheld !== null) {
    context.note(
      lossOf({
        kind: 'paralinguistic',
        stage: 'perceive',
        part: transcript.part,
        engine: 'prosody',
        message: `How it was said is not told, or not all of it: ${enriched.withheld}.`,
        action: 'given without it',
      }),
    );
  }
  return enriched;
}
