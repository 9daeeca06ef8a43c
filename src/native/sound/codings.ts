import type { KindLimits } from '#contract/capabilities.ts';
import { mostBytes } from '../forms.ts';

/** A way to code mono sound at 16 kHz. `arguments` are ffmpeg's; `null` where none is needed. */
export interface Coding {
  readonly mimeType: string;
  readonly inWords: string;
  /** The most bytes that a millisecond takes, and that come on top. */
  readonly bytesPerMs: number;
  readonly headBytes: number;
  /** How much longer than its sound a decoder may find it. */
  readonly paddingMs: number;
  readonly arguments: readonly string[] | null;
}

/** The best first. FLAC is never larger than what it packs, but for its heads. */
const CODINGS: readonly Coding[] = [
  { mimeType: 'audio/wav', inWords: '16 kHz mono', bytesPerMs: 32, headBytes: 44, paddingMs: 0, arguments: null },
  {
    mimeType: 'audio/flac',
    inWords: '16 kHz mono',
    bytesPerMs: 33,
    headBytes: 16_384,
    paddingMs: 0,
    arguments: ['-c:a', 'flac', '-f', 'flac'],
  },
  ...[64, 48, 32, 24].map((rate) => ({
    mimeType: 'audio/mpeg',
    inWords: `16 kHz mono ${rate} kb/s`,
    // A frame is 36 ms long at this rate, and one or two more than the sound needs are written.
    bytesPerMs: rate / 8,
    headBytes: 1_024 + (rate / 8) * 36 * 4,
    paddingMs: 36 * 4,
    arguments: ['-c:a', 'libmp3lame', '-b:a', `${rate}k`, '-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3'],
  })),
];

/** The longest piece that one coding allows. */
export function longestMs(coding: Coding, limits: KindLimits | undefined): number {
  const byBytes = (mostBytes(limits) - coding.headBytes) / coding.bytesPerMs;
  const byTime = (limits?.maxDurationMs ?? Number.POSITIVE_INFINITY) - coding.paddingMs;
  return Math.max(0, Math.floor(Math.min(byBytes, byTime)));
}

/**
 * The best coding that needs no more pieces than the best of all would need for the length alone; where none does, the one
 * with the longest pieces. `null` where no form is taken.
 */
export function codingFor(durationMs: number, limits: KindLimits | undefined, forms: readonly string[]): Coding | null {
  const able = CODINGS.filter(({ mimeType }) => forms.includes(mimeType));
  const fewest = Math.ceil(durationMs / (limits?.maxDurationMs ?? Number.POSITIVE_INFINITY)) || 1;
  return able.find((coding) => longestMs(coding, limits) * fewest >= durationMs) ?? able.at(-1) ?? null;
}
