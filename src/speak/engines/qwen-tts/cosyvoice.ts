import { type Loss, lossOf } from '#contract/loss.ts';
import type { CallContext, SpeechEngine } from '#contract/ports.ts';
import { openTask } from '#upstream/dashscope-task.ts';
import type { RemoteSpeaking } from '../remote/engine.ts';
import { remoteVoice } from '../remote/voice.ts';

const RATE_HZ = 24_000;
const SLOWEST = 0.5;
const FASTEST = 2;

/** CosyVoice on DashScope's task socket, with voices named as in `qwen:cosyvoice-v2/longxiaochun_v2`. */
export function cosyVoice(speaking: RemoteSpeaking): SpeechEngine {
  const { name, model } = speaking;
  /** Losses are noted once for everything that is said in one go. */
  const told = new WeakSet<CallContext['note']>();
  return remoteVoice({
    id: name,
    sampleRateHz: RATE_HZ,
    voices: speaking.voices.filter(({ id }) => id.startsWith(`${name}:${model}/`)),
    async *synthesise({ text, voice, speed }, context) {
      const rate = Math.min(FASTEST, Math.max(SLOWEST, speed));
      if (rate !== speed && !told.has(context.note)) {
        told.add(context.note);
        context.note(otherSpeed(name, speed, rate));
      }
      const parameters = {
        text_type: 'PlainText',
        voice,
        format: 'pcm',
        sample_rate: RATE_HZ,
        volume: 50,
        rate,
        pitch: 1,
      };
      const task = await openTask({ ...speaking, stage: 'speak', task: 'tts', parameters }, context.signal);
      try {
        await task.say(text);
        await task.finish();
        for await (const news of task) if (news.kind === 'sound') yield news.bytes;
      } finally {
        task.close();
      }
    },
  });
}

function otherSpeed(engine: string, speed: number, rate: number): Loss {
  return lossOf({
    kind: 'option-ignored',
    stage: 'speak',
    engine,
    text: 'speed',
    message: `CosyVoice speaks from half as fast to twice as fast, and not ${speed} times.`,
    action: `Spoke ${rate} times as fast.`,
  });
}
