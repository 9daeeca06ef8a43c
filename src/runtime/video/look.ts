import { describeWithFfmpeg } from '../ffmpeg.ts';
import { inputOf, runOver, type VideoFile, VideoTrouble } from './file.ts';

/** A video as it is shown: upright, with square pixels. Codecs are in ffmpeg's words; `sound` is `null` where it has none. */
export interface VideoLook {
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly pictureCodec: string;
  readonly soundCodec: string | null;
  readonly tracks: readonly Track[];
  /** Whether it is divided into chapters. */
  readonly hasChapters: boolean;
}

/** A stream of the file. `index` counts those of its kind from 0; `language` is as the file has it (`eng`), if it has. */
export interface Track {
  readonly kind: 'picture' | 'sound' | 'subtitle';
  readonly index: number;
  readonly codec: string;
  readonly language: string | null;
  readonly isDefault: boolean;
}

const COUNT_TIMEOUT_MS = 120_000;

/** Reads what a video is; its length is counted where its head does not tell. Throws `VideoTrouble`. */
export async function lookAtVideo(file: VideoFile, signal: AbortSignal): Promise<VideoLook> {
  const { stderr } = await describeWithFfmpeg(file.program, inputOf(file), signal);
  const picture = stderr.split('\n').find((line) => line.includes(': Video:') && !isAttached(line));
  const size = picture?.match(/, (\d{1,6})x(\d{1,6})/);
  if (!picture || !size) throw new VideoTrouble('no-pictures', stderr);
  const [x = 1, y = 1] = /SAR (\d+):(\d+)/.exec(picture)?.slice(1).map(Number) ?? [];
  const stored = { width: Math.max(1, Math.round((Number(size[1]) * (x || 1)) / (y || 1))), height: Number(size[2]) };
  const turned = Math.round(Math.abs(Number(/rotation of (-?[\d.]+) degrees/.exec(stderr)?.[1] ?? 0))) % 180 === 90;
  return {
    width: turned ? stored.height : stored.width,
    height: turned ? stored.width : stored.height,
    durationMs: declaredMs(stderr) ?? (await countVideo(file, signal)).durationMs,
    pictureCodec: / Video: (\w+)/.exec(picture)?.[1] ?? '',
    soundCodec: /Stream #0:.*: Audio: (\w+)/.exec(stderr)?.[1] ?? null,
    tracks: tracksIn(stderr),
    hasChapters: /^\s+Chapter #0:\d+: start/m.test(stderr),
  };
}

const KINDS = { Video: 'picture', Audio: 'sound', Subtitle: 'subtitle' } as const;

/** The tracks in ffmpeg's words about a file; pictures that only decorate it, such as a poster, are none. */
export function tracksIn(stderr: string): Track[] {
  const counts = { picture: 0, sound: 0, subtitle: 0 };
  const tracks: Track[] = [];
  const lines = stderr.matchAll(/^\s+Stream #0:\d+(?:\[\w+\])?(?:\((\w+)\))?: (Video|Audio|Subtitle): (\w+).*/gm);
  for (const [line, language, what, codec] of lines) {
    const kind = KINDS[what as keyof typeof KINDS];
    const index = counts[kind]++;
    if (isAttached(line)) continue;
    const known = language === undefined || language === 'und' ? null : language;
    tracks.push({ kind, index, codec: codec ?? '', language: known, isDefault: line.includes('(default)') });
  }
  return tracks;
}

/** How many frames the pictures have and how long they last, by their packets: nothing is decoded. Throws `VideoTrouble`. */
export async function countVideo(
  file: VideoFile,
  signal: AbortSignal,
): Promise<{ readonly durationMs: number; readonly frames: number }> {
  let text = '';
  const output = ['-map', '0:v:0', '-c', 'copy', '-progress', 'pipe:1', '-f', 'null', '-'];
  await runOver(file, inputOf(file), output, {
    signal,
    timeoutMs: COUNT_TIMEOUT_MS,
    onOutput: (bytes) => {
      text = (text + bytes.toString('latin1')).slice(-4_096);
    },
  });
  const time = [...text.matchAll(/out_time=(\d+):(\d\d):(\d\d\.\d+)/g)].at(-1);
  const frames = [...text.matchAll(/^frame=\s*(\d+)/gm)].at(-1);
  if (!time) throw new VideoTrouble('no-length');
  return { durationMs: inMs(time), frames: Number(frames?.[1] ?? 0) };
}

function declaredMs(stderr: string): number | null {
  const length = /Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(stderr);
  return !length || stderr.includes('Estimating duration from bitrate') ? null : inMs(length);
}

function inMs([, hours, minutes, seconds]: readonly (string | undefined)[]): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

// An ffmpeg of 2018 does not say it of every container; but a still picture has no rate, and a video of still pictures has one.
const isAttached = (line: string) =>
  line.includes('(attached pic)') || (/: Video: (mjpeg|png|bmp|webp)\b/.test(line) && !/ fps\b/.test(line));
