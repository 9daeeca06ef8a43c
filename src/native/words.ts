import { SensoriumError } from '#contract/error.ts';
import type { MediaPart } from '#contract/media.ts';

/** Bytes in words: `812 bytes`, `36.0 MB`. */
export function inBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A length in words: `12.3 s`, `1:02:03`. */
export function inTime(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  return `${hours > 0 ? `${hours}:${two(Math.floor(seconds / 60) % 60)}` : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

/** Width and height in words: `4000×3000`. */
export function inPixels({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${width}×${height}`;
}

/** What a medium is or became, for a loss: `image/tiff 4000×3000, 36.0 MB`. */
export function inWords(mimeType: string, measure: string | null, sizeBytes: number): string {
  return `${mimeType}${measure ? ` ${measure}` : ''}, ${inBytes(sizeBytes)}`;
}

/** The refusal of a medium that no change brings into what the model takes; `why` completes `scan.tiff cannot be fitted: …`. */
export function cannotFit({ media }: MediaPart, why: string, hint: string, cause?: unknown): SensoriumError {
  return new SensoriumError(
    'native.cannot-fit',
    `${media.name} cannot be brought into a form the model takes: ${why}.`,
    {
      hint,
      details: { part: media.part, mimeType: media.mimeType, sizeBytes: media.sizeBytes },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

export const NO_FFMPEG = 'ffmpeg, which would change it, is not here';
export const FFMPEG_HINT = 'Install ffmpeg, or add it with: npm install @ffmpeg-installer/ffmpeg';
