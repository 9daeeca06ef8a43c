import type { Known } from '#contract/capabilities.ts';
import { SensoriumError } from '#contract/error.ts';
import { isRemoteVoice, listVoices, resolveVoice } from '#speak/index.ts';

/** Who is to speak: an engine here or elsewhere, or the language model itself with one of its own voices. */
export type Speaker =
  | { readonly kind: 'engine'; readonly voice: string }
  | { readonly kind: 'model'; readonly voice: string | null };

/**
 * Who speaks with a voice: `heart` an engine here, `qwen:Cherry` an engine elsewhere, `model` the language model itself, in its
 * own voice, `model:Cherry` in a certain one. Throws `speak.unknown-voice`.
 */
export function speakerFor(voice: string): Speaker {
  const [, own] = /^model(?::(.+))?$/.exec(voice.trim()) ?? [];
  if (own !== undefined || voice.trim() === 'model') return { kind: 'model', voice: own ?? null };
  return { kind: 'engine', voice: isRemoteVoice(voice) ? voice.trim() : resolveVoice(listVoices(), voice).id };
}

/** Refuses to let a model speak that is known not to. Throws `speak.unknown-voice`. */
export function mustSpeak(model: string, speaks: Known): void {
  if (speaks !== false) return;
  throw new SensoriumError('speak.unknown-voice', `${model} has no voice of its own.`, {
    hint: 'Name another voice: `sensorium voices list` shows all.',
    details: { model },
  });
}
