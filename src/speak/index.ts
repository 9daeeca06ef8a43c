import type { Voice } from '#contract/ports.ts';
import { SPEECH_ENGINES } from './engines/index.ts';

export {
  encoderFor,
  encodeSound,
  encodeWholeSound,
  SOUND_FORMATS,
  type SoundFormat,
  type SoundWanted,
  soundFormat,
} from './encode/index.ts';
export { kokoroEngine, SPEECH_ENGINES, type SpeechEngineEntry } from './engines/index.ts';
export { isRemoteVoice, remoteSpeechFor, remoteSynthesisersOf, remoteVoicesOf } from './engines/remote/index.ts';
export { type SpeakEvent, type SpeakOptions, speak } from './speak.ts';
export { languageOf } from './text/index.ts';
export { resolveVoice } from './voices.ts';
export { openWav, type WavSink } from './wav.ts';

/** Every voice of every engine, known without loading anything. */
export function listVoices(): readonly Voice[] {
  return SPEECH_ENGINES.flatMap((engine) => engine.voices);
}
