import type { TimeSpan } from '#contract/finding.ts';
import type { Segment, Word } from '#contract/perception.ts';
import { segmentFrom } from './segment.ts';

/** Who speaks when, as a diariser tells it. Turns may overlap. */
export type SpeakerTurn = TimeSpan & { readonly speaker: string };

/** A word this near a turn is in it: recogniser and diariser do not place edges alike. Chosen, not measured. */
const NEAR_MS = 500;

/**
 * Gives each segment the speaker in whose turns it lies, cut between words where the speaker changes. A word is whose turns cover most
 * of it; where two speak at once and cover it alike, it stays with the speaker of the word before. A word that is near no turn has no
 * speaker. Words, their order and their times are kept; language goes to all parts of a cut segment, feelings and sounds to
 * the longest, and a second reading, which is of the whole, to none.
 */
export function withSpeakers(segments: readonly Segment[], turns: readonly SpeakerTurn[]): Segment[] {
  if (turns.length === 0) return [...segments];
  let before: string | null = null;
  return segments.flatMap((segment) => {
    const near = turns.filter(
      ({ startMs, endMs }) => endMs > segment.startMs - NEAR_MS && startMs < segment.endMs + NEAR_MS,
    );
    if (segment.words.length === 0) return [spokenBy(segment, speakerOf(segment, near, null))];
    const runs: { readonly speaker: string | null; readonly words: Word[] }[] = [];
    for (const word of segment.words) {
      const speaker = speakerOf(word, near, before);
      before = speaker ?? before;
      const run = runs.at(-1);
      if (run?.speaker === speaker) run.words.push(word);
      else runs.push({ speaker, words: [word] });
    }
    const [only] = runs;
    if (runs.length === 1 && only) return [spokenBy(segment, only.speaker)];
    const parts = runs.map(({ words, speaker }) => spokenBy(partOf(segment, words), speaker));
    return withLabelsOf(segment, parts);
  });
}

function spokenBy(segment: Segment, speaker: string | null): Segment {
  return speaker === null ? segment : { ...segment, speaker };
}

function partOf(segment: Segment, words: readonly Word[]): Segment {
  const { language, languageProbability, noSpeechProbability } = segment;
  return {
    ...segmentFrom(words),
    noSpeechProbability,
    ...(language === undefined ? {} : { language }),
    ...(languageProbability === undefined ? {} : { languageProbability }),
  };
}

// They were told of the whole: of its parts they most likely fit the longest.
function withLabelsOf({ emotion, events }: Segment, parts: readonly Segment[]): Segment[] {
  const lengths = parts.map(({ startMs, endMs }) => endMs - startMs);
  const longest = lengths.indexOf(Math.max(...lengths));
  return parts.map((part, at) =>
    at === longest ? { ...part, ...(emotion ? { emotion } : {}), ...(events ? { events } : {}) } : part,
  );
}

function speakerOf(time: TimeSpan, turns: readonly SpeakerTurn[], before: string | null): string | null {
  const sharedMs = new Map<string, number>();
  let nearest: { readonly speaker: string | null; readonly awayMs: number } = { speaker: null, awayMs: NEAR_MS };
  for (const { startMs, endMs, speaker } of turns) {
    const shared = Math.min(time.endMs, endMs) - Math.max(time.startMs, startMs);
    if (shared > 0) sharedMs.set(speaker, (sharedMs.get(speaker) ?? 0) + shared);
    // Beside two turns alike, it stays with the speaker of the word before.
    const isAlike = nearest.speaker !== null && -shared === nearest.awayMs;
    const isNearer = -shared < nearest.awayMs || (isAlike && speaker === before);
    if (shared <= 0 && isNearer) nearest = { speaker, awayMs: -shared };
  }
  if (sharedMs.size === 0) return nearest.speaker;
  const most = Math.max(...sharedMs.values());
  const alike = [...sharedMs].filter(([, shared]) => shared === most).map(([speaker]) => speaker);
  return alike.find((speaker) => speaker === before) ?? alike[0] ?? null;
}
