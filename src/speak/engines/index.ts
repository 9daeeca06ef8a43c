import type { SpeechEngine, Voice } from '#contract/ports.ts';
import type { LineOptions } from '#runtime/worker/host.ts';
import type { KokoroSettings } from './kokoro/protocol.ts';
import { KOKORO_VOICES } from './kokoro/voices.ts';

/** A speech engine as it is listed before anything of it is loaded. */
export interface SpeechEngineEntry {
  readonly id: string;
  readonly description: string;
  /** Its entry in the model store. */
  readonly model: string;
  /** BCP 47 primary tags it can speak. */
  readonly languages: readonly string[];
  readonly voices: readonly Voice[];
}

/** Every speech engine. One entry each. */
export const SPEECH_ENGINES: readonly SpeechEngineEntry[] = [
  {
    id: 'kokoro',
    description: 'Kokoro-82M on onnxruntime: natural English in American and British voices, 24 kHz.',
    model: 'kokoro-82m',
    languages: ['en'],
    voices: KOKORO_VOICES,
  },
];

/** Kokoro-82M in a process of its own, which starts with the first sentence or with `warm`. */
export async function kokoroEngine(settings: KokoroSettings, line: LineOptions = {}): Promise<SpeechEngine> {
  const { createKokoroEngine } = await import('./kokoro/engine.ts');
  return createKokoroEngine(settings, line);
}
