import type { SoundEncoder } from '../encoder.ts';
import { ffmpegEncoder } from './ffmpeg.ts';
import { lameEncoder } from './lame.ts';
import { waveEncoder } from './wave.ts';

/** Every encoder, the one to prefer first. */
export const ENCODERS: readonly SoundEncoder[] = [waveEncoder, ffmpegEncoder, lameEncoder];
