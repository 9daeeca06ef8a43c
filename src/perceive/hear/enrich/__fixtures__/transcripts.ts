import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import type { Segment, Transcript, Word } from '#contract/perception.ts';
import { joinWords } from '../../script.ts';
import { segmentFrom } from '../../segment.ts';
import type { Frames } from '../prosody/frames.ts';

/** A word with times as an aligning recogniser gives them. */
export function word(text: string, startMs: number, endMs: number, timeSource: Word['timeSource'] = 'attention'): Word {
  return { text, startMs, endMs, confidence: null, confidenceSource: null, timeSource, tokens: [] };
}

/** A transcript of segments, each of its words. */
export function transcriptOf(segments: readonly Segment[], language: string | null): Transcript {
  return {
    part: 'part-1',
    kind: 'transcript',
    text: joinWords(segments.map((segment) => segment.text)),
    language,
    languageSource: null,
    durationMs: Math.max(0, ...segments.map((segment) => segment.endMs)),
    engine: 'by-hand',
    words: segments.flatMap((segment) => segment.words),
    segments: [...segments],
  };
}

/** A finding for sound that is speech throughout. */
export function findingOf(durationMs: number, known: Partial<SoundFinding> = {}): SoundFinding {
  return {
    part: 'part-1',
    kind: 'sound',
    durationMs,
    speech: [{ startMs: 0, endMs: durationMs }],
    speechRatio: 1,
    speechSource: 'by-hand',
    rmsDb: -20,
    peakDb: -3,
    clippedRatio: 0,
    snrDb: null,
    invalidSamples: 0,
    ...known,
  };
}

/**
 * A segment whose text is known and whose words nobody timed: its characters are spread evenly over the time in which there is
 * sound within `speech`, each a word, with its punctuation.
 */
export function segmentByEnergy(text: string, speech: TimeSpan, frames: Frames, soundsAboveDb: number): Segment {
  const sounding: number[] = [];
  for (let at = Math.round(speech.startMs / 10); at < Math.min(frames.count, speech.endMs / 10); at++) {
    if ((frames.levelDb[at] as number) >= soundsAboveDb) sounding.push(at);
  }
  const characters = text.match(/[\p{L}\p{N}]\P{L}*/gu) ?? [];
  const place = (index: number) => sounding[Math.round((index / characters.length) * (sounding.length - 1))] ?? 0;
  return segmentFrom(characters.map((character, at) => word(character, place(at) * 10, place(at + 1) * 10)));
}
