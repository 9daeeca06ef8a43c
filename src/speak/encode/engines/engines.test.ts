import { examineEncoder } from '../conformance.ts';
import { ffmpegEncoder } from './ffmpeg.ts';
import { lameEncoder } from './lame.ts';
import { waveEncoder } from './wave.ts';

examineEncoder(waveEncoder, 'wav');
examineEncoder(waveEncoder, 'pcm');
examineEncoder(lameEncoder, 'mp3');
for (const format of ['mp3', 'opus', 'aac', 'flac', 'pcm'] as const) examineEncoder(ffmpegEncoder, format);
