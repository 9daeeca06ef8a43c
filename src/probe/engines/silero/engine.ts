import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import { inFrames, spanBuilder, timed } from '../../spans.ts';
import type { VoiceDetector } from '../../voice-detector.ts';
import { CONTEXT_SAMPLES, type SileroReply, type SileroRequest, STATE_LENGTH } from './protocol.ts';

/** Frames sent at once: 5.12 s, heard in some 50 ms. */
const FRAMES_PER_CALL = 160;

/**
 * Silero VAD in a process of its own. `modelPath` is the file `silero_vad_v5.onnx`. The process keeps nothing between calls, so
 * recordings may be listened to at the same time, and a process that was ended is no loss.
 */
export function sileroDetector(options: { readonly modelPath: string } & LineOptions): VoiceDetector {
  const worker = startWorker(workerModule(import.meta.url), { maxWaiting: options.maxWaiting });
  return {
    id: 'silero-vad',
    async detect(pcm, signal) {
      const spans = spanBuilder();
      const length = { durationMs: 0 };
      let begun = false;
      let state: Float32Array = new Float32Array(STATE_LENGTH);
      let context: Float32Array = new Float32Array(CONTEXT_SAMPLES);
      for await (const block of inFrames(timed(pcm, length), FRAMES_PER_CALL)) {
        const request: SileroRequest = { modelPath: options.modelPath, pcm: block, state, context };
        const reply = await worker.call<SileroReply>('listen', request, signal, { begun });
        begun = true;
        ({ state, context } = reply);
        for (const probability of reply.probabilities) spans.push(probability);
      }
      return spans.end(length.durationMs);
    },
    close: () => worker.close(),
  };
}
