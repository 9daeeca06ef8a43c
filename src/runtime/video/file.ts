import { FORMATS } from '../demuxers.ts';
import { transcode } from '../transcode/transcode.ts';

/** A video that lies in a file, and the ffmpeg to read it with. `mimeType` was told from its bytes. */
export interface VideoFile {
  readonly program: string;
  readonly path: string;
  readonly mimeType: string;
}

/** What ffmpeg is told of a video file: its demuxer by name, so that it takes a crafted file for nothing else. */
export function inputOf({ path, mimeType }: VideoFile): string[] {
  return ['-f', FORMATS[mimeType.split(';', 1)[0] as string] ?? '', '-i', `file:${path}`];
}

/** Why nothing came of a video. Who reads it says what that means for the request. */
export class VideoTrouble extends Error {
  readonly why: 'no-pictures' | 'no-length' | 'failed' | 'timed-out';

  constructor(why: VideoTrouble['why'], stderr = '') {
    super(stderr);
    this.name = 'VideoTrouble';
    this.why = why;
  }
}

/** Runs ffmpeg over a video to its end. Throws `VideoTrouble` when it fails or takes longer than `timeoutMs`. */
export async function runOver(
  { program }: VideoFile,
  input: readonly string[],
  output: readonly string[],
  options: Parameters<typeof transcode>[3],
): Promise<void> {
  const { outcome, stderr } = await transcode(program, input, output, options);
  if (outcome !== 'done') throw new VideoTrouble(outcome, stderr);
}
