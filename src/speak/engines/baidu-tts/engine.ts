import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, SpeechEngine } from '#contract/ports.ts';
import type { HttpReply } from '#kit/http.ts';
import { baiduCalls, readBaiduJson } from '#upstream/baidu/call.ts';
import { connectionError, type Peer } from '#upstream/errors.ts';
import type { RemoteSpeaking } from '../remote/engine.ts';
import { remoteVoice } from '../remote/voice.ts';
import { cutForBaidu } from './cut.ts';

const SAMPLE_RATE_HZ = 16_000;
/** `aue`: headerless PCM at 16 kHz, which needs no decoder. */
const PCM_16K = 4;
const CUID = 'sensorium';

/** Baidu's scale of pace: 5 is the voice's own, and nobody says what the rest is in times. */
const OWN_PACE = 5;
const FASTEST_PACE = 15;

/** Sentences spoken by Baidu (`/text2audio`). A sentence longer than it takes is sent in several pieces. */
export function baiduVoice(speaking: RemoteSpeaking): SpeechEngine {
  const calls = baiduCalls(speaking, { stage: 'speak', model: speaking.model, scopes: ['audio_tts_post'] });

  async function* synthesise(
    { text, voice, speed }: { readonly text: string; readonly voice: string; readonly speed: number },
    context: CallContext,
  ): AsyncGenerator<Uint8Array> {
    mustBeNumber(voice);
    const pace = paceFor(speed, speaking.name, context);
    for (const piece of cutForBaidu(text)) {
      const { body, peer } = await calls.call('speak', requestFor(piece, voice, pace), context.signal);
      let half: Uint8Array = new Uint8Array(0);
      try {
        for await (const bytes of body) {
          const all = half.length === 0 ? bytes : Buffer.concat([half, bytes]);
          const wholeBytes = all.length - (all.length % 2);
          half = all.subarray(wholeBytes);
          yield all.subarray(0, wholeBytes);
        }
      } catch (thrown) {
        throw connectionError(thrown, 'answering', peer, context.signal);
      } finally {
        if (!body.complete) body.destroy();
      }
      if (half.length > 0) noteHalfSample(speaking.name, context);
    }
  }

  return remoteVoice({ id: speaking.name, sampleRateHz: SAMPLE_RATE_HZ, voices: speaking.voices, synthesise });
}

function requestFor(text: string, voice: string, pace: number) {
  const fields = {
    // Once here, and once more with all the other fields of the form.
    tex: encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '')),
    cuid: CUID,
    ctp: '1',
    lan: 'zh',
    spd: String(pace),
    pit: '5',
    vol: '5',
    per: voice,
    aue: String(PCM_16K),
  };
  return {
    contentType: 'application/x-www-form-urlencoded',
    body: (token: string | null) => `${new URLSearchParams(token === null ? fields : { ...fields, tok: token })}`,
    read: soundIn,
  };
}

/** The sound in a reply. Only its content type tells it from a refusal, which is JSON and comes with a good status as well. */
async function soundIn(reply: HttpReply, peer: Peer): Promise<{ body: HttpReply['body']; peer: Peer }> {
  const type = reply.headers['content-type'] ?? '';
  if (/^audio\/(?!mp3|mpeg|wav|x-wav|amr)/i.test(type)) return { body: reply.body, peer };
  if (/json/i.test(type)) await readBaiduJson(reply, peer);
  reply.body.destroy();
  const what = type === '' ? 'something without a type' : type.slice(0, 60);
  throw new SensoriumError('speak.upstream-failed', `${peer.host} sent ${what}, not the sound that was asked for.`, {
    hint: 'Is the base URL right? Try another voice; if it stays so, look at the server.',
    details: { host: peer.host, contentType: what },
  });
}

function noteHalfSample(engine: string, context: CallContext): void {
  context.note(
    lossOf({
      kind: 'truncated',
      stage: 'speak',
      engine,
      message: 'The sound of a sentence ended in the middle of a sample.',
      action: 'That sample was left out.',
    }),
  );
}

function mustBeNumber(voice: string): void {
  if (/^\d+$/.test(voice)) return;
  throw new SensoriumError('speak.unknown-voice', `Baidu’s voices are numbers, and “${voice}” is none.`, {
    hint: 'For example baidu:0. `sensorium voices list` shows those that are known.',
    details: { voice },
  });
}

function paceFor(speed: number, engine: string, context: CallContext): number {
  const wanted = Math.round(OWN_PACE * speed);
  const pace = Math.min(FASTEST_PACE, Math.max(0, wanted));
  if (pace !== wanted) {
    context.note(
      lossOf({
        kind: 'option-ignored',
        stage: 'speak',
        engine,
        text: 'speed',
        message: `Baidu does not speak ${speed} times as fast.`,
        action: `Spoken at its fastest pace (${pace}).`,
      }),
    );
  }
  return pace;
}
