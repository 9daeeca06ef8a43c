import { lossOf } from '#contract/loss.ts';
import type { CallContext, SpeechEngine } from '#contract/ports.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { AGENT, addressBelow, bearer } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import type { RemoteSpeaking } from '../remote/engine.ts';
import { soundOf } from '../remote/reply.ts';
import { remoteVoice } from '../remote/voice.ts';

/** OpenAI's PCM: 24 kHz, mono, 16 bit. */
const RATE_HZ = 24_000;

/**
 * Voices behind `POST /audio/speech`: OpenAI's, or anybody's who offers the same (Kokoro-FastAPI, vLLM-Omni, Speaches,
 * index-tts-vllm). Asks for PCM and reads what comes: a WAV by its header, events with base64, sound of another rate. Throws `speak.*`.
 */
export function openAiSpeech(speaking: RemoteSpeaking): SpeechEngine {
  const { name, model, baseUrl, keys, voices } = speaking;
  const patience = { ...PATIENCE, ...speaking.patience };
  const url = addressBelow(baseUrl, 'audio/speech');
  const peer = peerAt('speak', speaking, model);
  const headers = { 'content-type': 'application/json', ...AGENT, ...bearer(keys.apiKey) };
  const refused = new Set<string>();

  async function* synthesise(
    { text, voice, speed }: { readonly text: string; readonly voice: string; readonly speed: number },
    context: CallContext,
  ): AsyncGenerator<Uint8Array> {
    const { signal } = context;
    for (;;) {
      const withSpeed = speed !== 1 && !refused.has('speed');
      const body = {
        model,
        input: text,
        voice,
        response_format: refused.has('pcm') ? 'wav' : 'pcm',
        ...(withSpeed ? { speed } : {}),
      };
      const sending = { headers, peer, patience, headTimeoutMs: patience.wholeTimeoutMs, signal };
      const outcome = await send(url, { ...sending, body: JSON.stringify(body) });
      if (outcome.kind === 'refusal') {
        const field = refusedField(outcome.refusal, withSpeed);
        if (field === null || refused.has(field)) throw outcome.error;
        refused.add(field);
        continue;
      }
      if (speed !== 1 && !withSpeed) {
        const message = 'The server cannot speak faster or slower; it spoke at its own pace.';
        context.note(lossOf({ kind: 'option-ignored', stage: 'speak', engine: name, text: 'speed', message }));
      }
      yield* soundOf(outcome.reply, peer, { engine: name, plainRateHz: RATE_HZ, toHz: RATE_HZ }, context);
      return;
    }
  }

  return remoteVoice({ id: name, sampleRateHz: RATE_HZ, voices, synthesise });
}

/** What the server says it does not know: the pace, or sound without a header. */
function refusedField(
  { status, message, param }: { status: number | null; message: string; param?: string | undefined },
  withSpeed: boolean,
): 'speed' | 'pcm' | null {
  if (status !== 400 && status !== 422) return null;
  if (withSpeed && (param === 'speed' || /\bspeed\b/.test(message))) return 'speed';
  return param === 'response_format' || /response_format|\bpcm\b/i.test(message) ? 'pcm' : null;
}
