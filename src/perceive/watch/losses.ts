import { type Loss, lossOf } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import type { Timeline } from '#contract/perception.ts';
import type { Track, VideoLook } from '#runtime/video/look.ts';
import { isSkimmed } from '#runtime/video/scenes.ts';
import type { Keyframes } from './keyframes.ts';
import type { Seen } from './look-at-frames.ts';
import type { Measured } from './measure.ts';
import { sizeToSee } from './pixels.ts';
import { inClock } from './text.ts';

/** All that is known of a video once it has been watched. */
export interface Watched {
  readonly media: MediaPart;
  readonly look: VideoLook;
  readonly measured: Measured;
  readonly keyframes: Keyframes;
  readonly seen: Seen;
  readonly timeline: Timeline;
  /** The subtitle track that was read, and the one that could not be. */
  readonly subtitles: Track | null;
}

type Known = Pick<Loss, 'kind' | 'message'> & Partial<Loss>;

/** Notes what nobody looked at, heard or read in a video. */
export function noteLosses(watched: Watched, note: (loss: Loss) => void): void {
  const { part } = watched.media.media;
  for (const known of [sampling(watched), ...pictureLosses(watched), ...otherTracks(watched)]) {
    if (known) note(lossOf({ stage: 'perceive', part, engine: watched.timeline.engine, ...known }));
  }
}

function sampling({ media, look, measured, keyframes, timeline }: Watched): Known | null {
  const { framesSeen, framesTotal, longestGapMs, cutsMissed } = timeline;
  if (framesTotal !== null && framesSeen >= framesTotal) return null;
  const { scenesMs, writings, writingsMissed } = keyframes;
  const pieces = [
    `${framesSeen} of ${framesTotal ?? 'an unknown number of'} frames of ${media.media.name} were looked at`,
    ...(longestGapMs === null ? [] : [`the longest time between them is ${(longestGapMs / 1_000).toFixed(1)} s`]),
    ...(isSkimmed(look.durationMs) ? [`scenes were sought among its ${measured.scored.length} key frames alone`] : []),
    ...(cutsMissed ? [`${cutsMissed} of its ${scenesMs.length - 1} cuts have no frame`] : []),
    ...(writingsMissed > 0 ? [`${writingsMissed} of ${writings} changes of its writing have no frame`] : []),
  ];
  return {
    kind: 'frames-sampled',
    extent: framesTotal === null ? null : framesTotal - framesSeen,
    unit: 'frames',
    certainty: framesTotal === null ? 'unknown' : 'measured',
    message: `${pieces.join('; ')}.`,
    action: 'chosen where scenes begin and where writing changes',
  };
}

/** A picture track this much shorter than the whole is told. */
const ENDS_EARLY_MS = 2_000;

function pictureLosses({ media, look, measured, keyframes, seen, timeline }: Watched): (Known | null)[] {
  const { name } = media.media;
  const { durationMs } = timeline;
  const lastMs = measured.scored.at(-1)?.atMs ?? 0;
  const isWhole = measured.outcome === 'done';
  const endsEarly = !isSkimmed(look.durationMs) && durationMs - lastMs > Math.max(ENDS_EARLY_MS, durationMs / 20);
  const why = {
    done: 'they end there',
    failed: 'what follows cannot be read',
    'timed-out': 'measuring them took too long',
  };
  const size = sizeToSee(look);
  const unread = keyframes.frames.length - seen.atMs.length - seen.failures.length;
  return [
    isWhole && !endsEarly
      ? null
      : {
          kind: 'truncated',
          time: { startMs: Math.round(lastMs), endMs: Math.round(durationMs) },
          extent: Math.round(durationMs - lastMs),
          unit: 'ms',
          message: `The pictures of ${name} were followed until ${inClock(Math.floor(lastMs / 1_000))} of ${inClock(Math.floor(durationMs / 1_000))}: ${why[measured.outcome]}.`,
          action: 'what comes before was used',
        },
    unread + seen.failures.length === 0
      ? null
      : {
          kind: 'frames-sampled',
          extent: unread + seen.failures.length,
          unit: 'chosen frames',
          message: `${unread + seen.failures.length} chosen frames of ${name} could not be looked at: ${seen.failures[0] ?? 'they cannot be read'}`,
          action: 'left out',
        },
    !/error while decoding|corrupt|conceal|damaged|invalid nal|missing picture/i.test(measured.complaints)
      ? null
      : {
          kind: 'invalid-samples',
          certainty: 'unknown',
          message: `Some pictures of ${name} are damaged.`,
          action: 'used as far as they can be decoded',
        },
    seen.shown.length > 0 || seen.atMs.length === 0
      ? null
      : {
          kind: 'not-described',
          extent: seen.atMs.length,
          unit: 'frames',
          message: `What the pictures of ${name} show was not described.`,
          action: 'only what is written in them is told',
        },
    size.width === look.width && size.height === look.height
      ? null
      : {
          kind: 'downscaled',
          message: `The frames of ${name} were looked at in ${size.width}×${size.height} pixels instead of ${look.width}×${look.height}.`,
          action: 'small print may not be read',
        },
  ];
}

function otherTracks({ media, look, timeline, subtitles }: Watched): (Known | null)[] {
  const { name } = media.media;
  const count = (of: Track['kind']) => look.tracks.filter(({ kind }) => kind === of).length;
  const unit = 'tracks';
  const sounds = count('sound');
  const others = count('subtitle') - (subtitles ? 1 : 0);
  return [
    count('picture') < 2
      ? null
      : {
          kind: 'media-dropped',
          extent: count('picture') - 1,
          unit,
          message: `${name} has ${count('picture')} tracks of pictures; only the first was looked at.`,
        },
    sounds === 0 || timeline.transcript !== null
      ? null
      : { kind: 'sound-dropped', extent: sounds, unit, message: `${name} has sound, and nobody heard it.` },
    sounds < 2 || timeline.transcript === null
      ? null
      : {
          kind: 'sound-dropped',
          extent: sounds - 1,
          unit,
          message: `${name} has ${sounds} tracks of sound; only the first was heard.`,
        },
    others === 0
      ? null
      : {
          kind: 'media-dropped',
          extent: others,
          unit,
          message: `${others} of the ${count('subtitle')} subtitle tracks of ${name} were not read.`,
          action: subtitles
            ? `read: the one in ${subtitles.language ?? 'an unnamed language'}`
            : 'none of them is text that can be read',
        },
  ];
}
