import type { Decoder } from '../decoder.ts';
import { audioDecodeDecoder } from './audio-decode/engine.ts';
import { ffmpegDecoder } from './ffmpeg/engine.ts';
import { wavDecoder } from './wav/engine.ts';

/** The decoders in order of preference; what is heavy in them loads on use. */
export const DECODERS: readonly Decoder[] = [wavDecoder, ffmpegDecoder, audioDecodeDecoder];
