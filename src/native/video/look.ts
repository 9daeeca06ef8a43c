import type { MediaPart } from '#contract/media.ts';
import { FORMATS } from '#runtime/demuxers.ts';
import { describeWithFfmpeg } from '#runtime/ffmpeg.ts';
import { change, type FitContext } from '../tools.ts';
import { cannotFit } from '../words.ts';

/** A video as it is shown: upright, with square pixels. Codecs are in ffmpeg's words; `sound` is `null` where it has none. */
export interface VideoLook {
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly pictureCodec: string;
  readonly soundCodec: string | null;
}

const COUNT_TIMEOUT_MS = 120_000;

/** What ffmpeg is told of a video file: its demuxer by name, so that it takes a crafted file for nothing else. */
export function inputOf(part: MediaPart, path: string): string[] {
  return ['-f', FORMATS[part.media.mimeType.split(';', 1)[0] as string] ?? '', '-i', `file:${path}`];
}

/** Reads what a video is; its length is counted where its head does not tell. Throws `native.cannot-fit`. */
export async function lookAtVideo(
  part: MediaPart,
  program: string,
  path: string,
  context: FitContext,
): Promise<VideoLook> {
  const { stderr } = await describeWithFfmpeg(program, inputOf(part, path), context.signal);
  const picture = stderr.split('\n').find((line) => line.includes(': Video:') && !line.includes('(attached pic)'));
  const size = picture?.match(/, (\d{1,6})x(\d{1,6})/);
  if (!picture || !size) throw cannotFit(part, 'no pictures are found in it', 'Check that it plays elsewhere.');
  const [x = 1, y = 1] = /SAR (\d+):(\d+)/.exec(picture)?.slice(1).map(Number) ?? [];
  const stored = { width: Math.max(1, Math.round((Number(size[1]) * (x || 1)) / (y || 1))), height: Number(size[2]) };
  const turned = Math.round(Math.abs(Number(/rotation of (-?[\d.]+) degrees/.exec(stderr)?.[1] ?? 0))) % 180 === 90;
  return {
    width: turned ? stored.height : stored.width,
    height: turned ? stored.width : stored.height,
    durationMs: declaredMs(stderr) ?? (await countedMs(part, program, path, context)),
    pictureCodec: / Video: (\w+)/.exec(picture)?.[1] ?? '',
    soundCodec: /Stream #0:.*: Audio: (\w+)/.exec(stderr)?.[1] ?? null,
  };
}

function declaredMs(stderr: string): number | null {
  const length = /Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(stderr);
  if (!length || stderr.includes('Estimating duration from bitrate')) return null;
  return ((Number(length[1]) * 60 + Number(length[2])) * 60 + Number(length[3])) * 1_000;
}

async function countedMs(part: MediaPart, program: string, path: string, context: FitContext): Promise<number> {
  let text = '';
  await change(
    part,
    program,
    inputOf(part, path),
    ['-map', '0:v:0', '-c', 'copy', '-progress', 'pipe:1', '-f', 'null', '-'],
    {
      signal: context.signal,
      timeoutMs: COUNT_TIMEOUT_MS,
      onOutput: (bytes) => {
        text = (text + bytes.toString('latin1')).slice(-4_096);
      },
    },
  );
  const time = [...text.matchAll(/out_time=(\d+):(\d\d):(\d\d\.\d+)/g)].at(-1);
  if (!time) throw cannotFit(part, 'it does not say how long it is', 'Convert it to MP4.');
  return ((Number(time[1]) * 60 + Number(time[2])) * 60 + Number(time[3])) * 1_000;
}
