import type { Measured } from '#contract/ledger.ts';
import type { Segment, Transcript } from '#contract/perception.ts';
import { countedIn, type ParticleCount, particlesIn } from '#words/index.ts';
import { type LeftOut, leftOut } from '../left-out.ts';
import { measured, unmeasured } from '../unmeasured.ts';

/** What was said besides the bare words, and whether the text has it. */
export interface SpokenLoss {
  readonly particlesSeen: Measured;
  readonly particleSlotsUnfilled: Measured;
  readonly fillersSeen: Measured;
  readonly repetitionsRemoved: Measured;
}

/** Longer repeats are whole phrases, which a reader may also have invented. */
const LONGEST_REPEAT = 12;
const ONE_READER =
  'Only a second reader could tell; the sound alone does not: a short quiet tail was there in 1 of 7 sentences without a particle, and not in the one with it.';

/** Counts particles and fillers in what was heard, and what a second reader has of them that the text has not. */
export function spokenLoss(transcripts: readonly Transcript[]): SpokenLoss {
  const heard = transcripts.filter(({ text }) => text.trim() !== '');
  if (transcripts.length === 0) {
    const nothing = unmeasured('Nothing was heard.');
    return {
      particlesSeen: nothing,
      particleSlotsUnfilled: nothing,
      fillersSeen: nothing,
      repetitionsRemoved: nothing,
    };
  }
  const again = heard.flatMap((one) =>
    one.segments.map((segment) => ({ segment, language: languageOf(segment, one) })),
  );
  return {
    particlesSeen: seen(heard, 'particle'),
    fillersSeen: seen(heard, 'filler'),
    particleSlotsUnfilled:
      uncountedIn(heard, 'particles') ??
      bySecond(again, ONE_READER, ({ text }, language) => sumOf(particlesIn(text, language))),
    repetitionsRemoved: bySecond(
      again,
      'Only a reader that keeps repetitions could tell.',
      ({ text, before, after }) => ([...text].length <= LONGEST_REPEAT && (text === before || text === after) ? 1 : 0),
    ),
  };
}

function languageOf({ language }: Segment, transcript: Transcript): string | null {
  return language ?? transcript.language;
}

function seen(transcripts: readonly Transcript[], kind: ParticleCount['kind']): Measured {
  const found = transcripts.flatMap(({ text, language }) => particlesIn(text, language));
  const counts = kind === 'particle' ? 'particles' : 'fillers';
  return uncountedIn(transcripts, counts) ?? measured(sumOf(found.filter((one) => one.kind === kind)), 'list');
}

function uncountedIn(transcripts: readonly Transcript[], what: 'particles' | 'fillers'): Measured | null {
  const uncounted = transcripts.find(({ language }) => !countedIn(language)[what]);
  return uncounted ? unmeasured(`There is no list of ${what} for this language (${uncounted.language}).`) : null;
}

function sumOf(counts: readonly ParticleCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

// Counted over the stretches that both heard. What nobody heard twice may hold more, and a smaller figure must not come of hearing less.
function bySecond(
  segments: readonly { readonly segment: Segment; readonly language: string | null }[],
  alone: string,
  count: (missing: LeftOut, language: string | null) => number,
): Measured {
  let [total, compared] = [0, 0];
  let engine: string | null = null;
  for (const { segment, language } of segments) {
    const missing = segment.second ? leftOut(segment.text, segment.second.text) : null;
    if (missing === null) continue;
    engine ??= segment.second?.engine ?? null;
    compared++;
    for (const one of missing) total += count(one, language);
  }
  if (engine === null) return unmeasured(alone);
  if (compared === segments.length) return measured(total, `second-reader:${engine}`);
  return unmeasured(
    `${engine} has ${total} that the text has not, in ${compared} of ${segments.length} stretches; the others were heard once.`,
  );
}
