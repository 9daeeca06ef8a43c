import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, SpeechEngine, Voice } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { pcmReader } from '#kit/pcm.ts';

export interface RemoteVoiceOptions {
  /** The provider's name, which is the engine's: `qwen`. */
  readonly id: string;
  readonly sampleRateHz: number;
  readonly voices: readonly Voice[];
  /** Sends one sentence and gives its sound as mono 16-bit little-endian PCM, cut anywhere. Throws `speak.*`. */
  synthesise(
    sentence: { readonly text: string; readonly voice: string; readonly speed: number },
    context: CallContext,
  ): AsyncIterable<Uint8Array>;
  close?(): Promise<void>;
}

/** A speech engine on somebody else's server. `voice` reaches it as the server knows it, without the provider's name. */
export function remoteVoice(options: RemoteVoiceOptions): SpeechEngine {
  const { id, sampleRateHz, voices } = options;
  return {
    id,
    sampleRateHz,
    voices,
    async *speak({ text, voice, speed }, context) {
      throwIfCancelled(context.signal);
      const reader = pcmReader();
      let samples = 0;
      for await (const bytes of options.synthesise({ text, voice: nameOf(voice), speed }, context)) {
        throwIfCancelled(context.signal);
        const pcm = reader.push(bytes);
        samples += pcm.length;
        if (pcm.length > 0) yield pcm;
      }
      throwIfCancelled(context.signal);
      if (reader.leftBytes > 0) {
        const message = 'The sound of a sentence ended in the middle of a sample.';
        context.note(
          lossOf({ kind: 'truncated', stage: 'speak', engine: id, message, action: 'what came whole is used' }),
        );
      }
      if (samples > 0) return;
      throw new SensoriumError('speak.upstream-failed', `${id} sent no sound for a sentence.`, {
        hint: 'Ask again; if it stays so, look at the server.',
        details: { engine: id },
      });
    },
    async warm() {},
    close: options.close ?? (async () => {}),
  };
}

/** `qwen:qwen3-tts-flash/Cherry` and `qwen:Cherry` are `Cherry` to the server. */
function nameOf(voice: string): string {
  const after = voice.slice(voice.indexOf(':') + 1);
  return after.slice(after.lastIndexOf('/') + 1);
}
