import type { SpeechEngine, Voice } from '#contract/ports.ts';
import type { Endpoint } from '#upstream/endpoint.ts';

/** Everything needed to speak with somebody else's server. */
export interface RemoteSpeaking extends Endpoint {
  /** The synthesiser's name as the server knows it. */
  readonly model: string;
  /** The voices to offer: those known, and the one that was asked for. */
  readonly voices: readonly Voice[];
}

/** A voice as its server knows it. */
export type VoiceRow = Pick<Voice, 'name' | 'language' | 'gender'>;

/** A kind of server that speaks. */
export interface RemoteEngine {
  readonly about: string;
  /** The synthesiser where a voice names none. */
  readonly model: string;
  readonly voices: readonly VoiceRow[];
  open(speaking: RemoteSpeaking): Promise<SpeechEngine>;
}
