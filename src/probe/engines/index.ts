import { join } from 'node:path';
import type { LineOptions } from '#runtime/worker/host.ts';
import type { VoiceDetector } from '../voice-detector.ts';

/** A voice detector as it is listed before anything of it is loaded. `model` is its name in the model store. */
export interface VoiceDetectorEntry {
  readonly id: string;
  readonly description: string;
  readonly model: string;
  /** Makes it from the model's folder. Its process starts with the first sound. */
  create(modelFolder: string, line?: LineOptions): Promise<VoiceDetector>;
}

/** Every voice detector. One entry each; the first is the default. */
export const VOICE_DETECTORS: readonly [VoiceDetectorEntry, ...VoiceDetectorEntry[]] = [
  {
    id: 'silero-vad',
    description: 'Silero VAD 5 on onnxruntime: any language, 32 ms frames.',
    model: 'silero-vad',
    create: async (modelFolder, line) =>
      (await import('./silero/engine.ts')).sileroDetector({
        modelPath: join(modelFolder, 'silero_vad_v5.onnx'),
        ...line,
      }),
  },
];
