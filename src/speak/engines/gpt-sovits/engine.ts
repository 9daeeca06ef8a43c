import type { CallContext, SpeechEngine } from '#contract/ports.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { AGENT, addressBelow, bearer } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import type { RemoteSpeaking } from '../remote/engine.ts';
import { soundOf } from '../remote/reply.ts';
import { remoteVoice } from '../remote/voice.ts';

/** The rate of its second version; those of the others, 24 and 48 kHz, are brought to it. */
const RATE_HZ = 32_000;

/**
 * GPT-SoVITS (`api_v2.py`): a voice is a recording that lies on the server, named by its path there; what is said in it is left
 * to the server to do without. Answers with a WAV while it is made. Throws `speak.*`.
 */
export function gptSovits(speaking: RemoteSpeaking): SpeechEngine {
  const { name, model: folder, baseUrl, keys, voices } = speaking;
  const patience = { ...PATIENCE, ...speaking.patience };
  const peer = peerAt('speak', speaking, name);
  const headers = { 'content-type': 'application/json', ...AGENT, ...bearer(keys.apiKey) };

  async function* synthesise(
    { text, voice, speed }: { readonly text: string; readonly voice: string; readonly speed: number },
    context: CallContext,
  ): AsyncGenerator<Uint8Array> {
    const body = {
      text,
      text_lang: 'auto',
      ref_audio_path: folder === '' ? voice : `${folder}/${voice}`,
      prompt_lang: 'auto',
      speed_factor: speed,
      media_type: 'wav',
      streaming_mode: true,
    };
    const outcome = await send(addressBelow(baseUrl, 'tts'), {
      headers,
      body: JSON.stringify(body),
      peer,
      patience,
      headTimeoutMs: patience.wholeTimeoutMs,
      signal: context.signal,
    });
    if (outcome.kind === 'refusal') throw outcome.error;
    yield* soundOf(outcome.reply, peer, { engine: name, plainRateHz: RATE_HZ, toHz: RATE_HZ }, context);
  }

  return remoteVoice({ id: name, sampleRateHz: RATE_HZ, voices, synthesise });
}
