import type { SoundFinding, TimeSpan } from '#contract/finding.ts';
import { type Frames, frameAt, SILENT_DB } from './prosody/frames.ts';

/** Below this nothing is said of how a thing was said: at 10 dB of white noise a fifth of the voiced frames are lost. */
export const LEAST_SNR_DB = 12;
/** Above this share of samples at full scale loudness means nothing; ten times what the probe calls overdriven. */
export const MOST_CLIPPED = 0.01;
/** A silence is this far below the voice, as Praat's "To TextGrid (silences)" has it … */
const SILENCE_BELOW_VOICE_DB = 25;
/** … and need not be quieter than the noise of the room, which goes up and down. */
const ABOVE_NOISE_DB = 5;
/** Nearer to the voice than this the end of a word is lost in the noise, and every silence looks longer than it is. */
const SILENCE_TOLD_BELOW_VOICE_DB = 16;
/** Noise is what the quietest twentieth of the frames does not exceed; white noise 10 dB below the voice was measured as 9 to 13. */
const NOISE_SHARE = 0.05;
/** A clause of this length has a voice in it. */
const BURIED_FROM_MS = 600;
/** The noise around a clause is looked for so far before and after it. */
const AROUND_MS = 5_000;

/** What can be trusted of a recording. `withheld` says why nothing can, else `null`. A frame below `silentDb` has no voice in it; where
 * `silencesTold` is false the noise is too near for silences to be measured. */
export interface Quality {
  readonly snrDb: number | null;
  readonly silentDb: number;
  readonly silencesTold: boolean;
  readonly withheld: string | null;
}

/** Judges a recording as a whole. */
export function qualityOf(frames: Frames, finding: SoundFinding): Quality {
  const voiceDb = medianVoiceDb(frames, 0, frames.count);
  if (voiceDb === null) {
    return {
      snrDb: null,
      silentDb: SILENT_DB,
      silencesTold: false,
      withheld: 'no voice has a pitch in this recording',
    };
  }
  const noiseDb = noiseIn(frames, 0, frames.count);
  const snrDb = Math.min(voiceDb - noiseDb, finding.snrDb ?? Number.POSITIVE_INFINITY);
  const silentDb = Math.max(voiceDb - SILENCE_BELOW_VOICE_DB, noiseDb + ABOVE_NOISE_DB);
  const silencesTold = silentDb <= voiceDb - SILENCE_TOLD_BELOW_VOICE_DB;
  return { snrDb, silentDb, silencesTold, withheld: reasonAgainst(snrDb, finding.clippedRatio) };
}

/** Whether a stretch can be trusted, within a recording that can: the same limits for the sound around it. */
export function isClear(frames: Frames, span: TimeSpan): boolean {
  const [from, to] = [frameAt(span.startMs, frames), frameAt(span.endMs, frames)];
  const voiceDb = medianVoiceDb(frames, from, to);
  // What is short may have no voice in it; a whole clause without one is buried.
  if (voiceDb === null) return span.endMs - span.startMs < BURIED_FROM_MS;
  const around = noiseIn(frames, frameAt(span.startMs - AROUND_MS, frames), frameAt(span.endMs + AROUND_MS, frames));
  return voiceDb - around >= LEAST_SNR_DB && clippedIn(frames, from, to) <= MOST_CLIPPED;
}

function reasonAgainst(snrDb: number, clippedRatio: number): string | null {
  if (snrDb < LEAST_SNR_DB) return `the sound is too noisy: ${Math.round(snrDb)} dB`;
  if (clippedRatio > MOST_CLIPPED)
    return `the sound is overdriven: ${(clippedRatio * 100).toFixed(1)} % of its samples are at full scale`;
  return null;
}

/** The median level of the voiced frames from one to another, in dB; `null` where there are none. */
export function medianVoiceDb({ f0Hz, levelDb }: Frames, from: number, to: number): number | null {
  return shareDb(levelDb, from, to, 0.5, (at) => (f0Hz[at] as number) > 0);
}

function noiseIn({ levelDb }: Frames, from: number, to: number): number {
  return shareDb(levelDb, from, to, NOISE_SHARE, () => true) ?? SILENT_DB;
}

function clippedIn({ clipped, hopSamples }: Frames, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) count += clipped[at] as number;
  return to > from ? count / ((to - from) * hopSamples) : 0;
}

// The level that a share of the frames does not exceed, counted in bins of a quarter of a dB.
function shareDb(
  levelDb: Float32Array,
  from: number,
  to: number,
  share: number,
  counts: (at: number) => boolean,
): number | null {
  const bins = new Uint32Array((-SILENT_DB + 20) * 4);
  let total = 0;
  for (let at = from; at < to; at++) {
    if (!counts(at)) continue;
    const bin = Math.min(bins.length - 1, Math.round(((levelDb[at] as number) - SILENT_DB) * 4));
    bins[bin] = (bins[bin] as number) + 1;
    total++;
  }
  if (total === 0) return null;
  let seen = 0;
  for (let bin = 0; bin < bins.length; bin++) {
    seen += bins[bin] as number;
    if (seen > share * (total - 1)) return SILENT_DB + bin / 4;
  }
  return null;
}
