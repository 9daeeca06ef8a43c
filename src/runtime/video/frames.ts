import type { VideoLook } from './look.ts';

/**
 * What ffmpeg is told to give exactly these frames, by number and in order, at this size. One picture comes for each, in every
 * version of ffmpeg: old ones would fill the time between them, new ones the time that each is shown, and no option that turns
 * this off is in both. An hour apart, at one an hour, nothing is to be filled.
 */
export function theseFrames(
  frames: readonly number[],
  { width, height }: Pick<VideoLook, 'width' | 'height'>,
): string[] {
  const wanted = frames.map((frame) => `eq(n\\,${frame})`).join('+');
  const filters = `select=${wanted},${HOUR_APART},scale=${width}:${height}:flags=lanczos,setsar=1`;
  return [
    ...['-map', '0:v:0', '-an', '-sn', '-dn', '-vf', filters],
    ...ONE_AN_HOUR,
    '-frames:v',
    String(frames.length),
  ];
}

/** See `theseFrames`: the filter, and the option of the output that goes with it. */
export const HOUR_APART = 'setpts=N*3600/TB';
export const ONE_AN_HOUR = ['-r', '1/3600'];
