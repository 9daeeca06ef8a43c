import { lossOf } from '#contract/loss.ts';
import type { CallContext, SpeechEngine } from '#contract/ports.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { AGENT, addressBelow, bearer } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import type { RemoteSpeaking } from '../remote/engine.ts';
import { soundOf } from '../remote/reply.ts';
import { remoteVoice } from '../remote/voice.ts';

const RATE_HZ = 24_000;
/** The first CosyVoice speaks at this rate, later ones at 24 kHz; some servers say it in a header. */
const FIRST_RATE_HZ = 22_050;
const RATE_HEADER = 'x-custom-header-samplerate';

/**
 * CosyVoice's own server: a form with the text and one of its speakers, answered by headerless 16-bit PCM while it is made
 * (`runtime/python/fastapi/server.py`). It knows no pace. Throws `speak.*`.
 */
export function cosyVoice(speaking: RemoteSpeaking): SpeechEngine {
  const { name, model, baseUrl, keys, voices } = speaking;
  const patience = { ...PATIENCE, ...speaking.patience };
  const peer = peerAt('speak', speaking, model);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...AGENT, ...bearer(keys.apiKey) };
  const usualRateHz = /300m/i.test(model) ? FIRST_RATE_HZ : RATE_HZ;

  async function* synthesise(
    { text, voice, speed }: { readonly text: string; readonly voice: string; readonly speed: number },
    context: CallContext,
  ): AsyncGenerator<Uint8Array> {
    if (speed !== 1) {
      const message = 'CosyVoice’s server cannot speak faster or slower; it spoke at its own pace.';
      context.note(lossOf({ kind: 'option-ignored', stage: 'speak', engine: name, text: 'speed', message }));
    }
    const outcome = await send(addressBelow(baseUrl, 'inference_sft'), {
      headers,
      body: new URLSearchParams({ tts_text: text, spk_id: voice }).toString(),
      peer,
      patience,
      headTimeoutMs: patience.wholeTimeoutMs,
      signal: context.signal,
    });
    if (outcome.kind === 'refusal') throw outcome.error;
    const told = Number(outcome.reply.headers[RATE_HEADER]);
    const plainRateHz = told > 0 ? told : usualRateHz;
    yield* soundOf(outcome.reply, peer, { engine: name, plainRateHz, toHz: RATE_HZ }, context);
  }

  return remoteVoice({ id: name, sampleRateHz: RATE_HZ, voices, synthesise });
}
