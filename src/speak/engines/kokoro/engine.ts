import { lossOf } from '#contract/loss.ts';
import type { SpeechEngine } from '#contract/ports.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import { resolveVoice } from '../../voices.ts';
import { KOKORO_RATE_HZ } from './model.ts';
import type { KokoroReply, KokoroSentence, KokoroSettings } from './protocol.ts';
import { KOKORO_VOICES } from './voices.ts';

/** Kokoro-82M in a process of its own: English, 28 voices, 24 kHz. */
export function createKokoroEngine(settings: KokoroSettings, line: LineOptions = {}): SpeechEngine {
  const worker = startWorker(workerModule(import.meta.url), { maxWaiting: line.maxWaiting });
  return {
    id: 'kokoro',
    sampleRateHz: KOKORO_RATE_HZ,
    voices: KOKORO_VOICES,
    async *speak({ text, voice, speed, begun = false }, context) {
      const sentence: KokoroSentence = { ...settings, text, voice: resolveVoice(KOKORO_VOICES, voice).id, speed };
      for await (const reply of worker.stream<KokoroReply>('speak', sentence, context.signal, { begun })) {
        if (reply.kind === 'sound') yield reply.pcm;
        else {
          context.note(
            lossOf({
              kind: 'not-pronounced',
              stage: 'speak',
              engine: 'kokoro',
              text: reply.texts.join(' '),
              extent: reply.texts.length,
              unit: 'words',
              message: 'This voice speaks English only; what it has no sounds for was left out of the speech.',
            }),
          );
        }
      }
    },
    warm: () => worker.prepare('warm', { ...settings, voice: 'af_heart' }),
    close: () => worker.close(),
  };
}
