import { throwIfCancelled } from '#kit/abort.ts';
import { FRAME_SAMPLES, inFrames, spanBuilder, timed } from './spans.ts';
import type { VoiceDetector } from './voice-detector.ts';

/** The smallest correct detector: whatever is louder than -40 dB of full scale counts as speech. For tests. */
export function fakeVoiceDetector(): VoiceDetector {
  return {
    id: 'fake',
    async detect(pcm, signal) {
      const spans = spanBuilder();
      const length = { durationMs: 0 };
      for await (const frame of inFrames(timed(pcm, length), 1)) {
        throwIfCancelled(signal);
        const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / FRAME_SAMPLES;
        spans.push(power > 1e-4 ? 1 : 0);
      }
      return spans.end(length.durationMs);
    },
    async close() {},
  };
}
