import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, SpeechEngine } from '#contract/ports.ts';
import { base64Bytes, openIflytek } from '#upstream/iflytek.ts';
import type { RemoteSpeaking } from '../remote/engine.ts';
import { remoteVoice } from '../remote/voice.ts';
import { type Grammar, ORAL_TTS, type Order, TTS } from './grammar.ts';
import { ORAL } from './voices.ts';

const GRAMMARS: Readonly<Record<string, Grammar>> = { tts: TTS, [ORAL]: ORAL_TTS };

/** iFlytek's voices: `tts` at 16 kHz, or `oral`, the super-humanlike ones, at 24 kHz. Throws `speak.unknown-model`. */
export function iflytekTts(speaking: RemoteSpeaking): SpeechEngine {
  const { name, model } = speaking;
  const grammar = Object.hasOwn(GRAMMARS, model) ? GRAMMARS[model] : undefined;
  if (!grammar) {
    throw new SensoriumError('speak.unknown-model', `iFlytek has no synthesis called “${model}”.`, {
      hint: `Known: ${Object.keys(GRAMMARS).join(', ')}, as in iflytek:${ORAL}/x4_lingxiaoxuan_oral.`,
    });
  }
  const isOral = grammar === ORAL_TTS;
  return remoteVoice({
    id: name,
    sampleRateHz: grammar.sampleRateHz,
    voices: speaking.voices.filter(({ id }) => id.startsWith(`${name}:${ORAL}/`) === isOral),
    async *synthesise({ text, voice, speed }, context) {
      const order = { text, voice, pace: paceOf(speed, name, context) };
      yield* spoken(order, grammar, speaking, context);
    },
  });
}

async function* spoken(
  order: Order,
  grammar: Grammar,
  speaking: RemoteSpeaking,
  { signal }: CallContext,
): AsyncGenerator<Uint8Array> {
  mustFit(order.text, grammar);
  const session = await openIflytek(grammar.address, { stage: 'speak', ...speaking }, signal);
  try {
    for (const frame of grammar.frames(order, session.appId)) await session.send(frame);
    for await (const message of session) {
      const { audio, ended } = grammar.read(message);
      const bytes = audio === null ? Buffer.alloc(0) : base64Bytes(audio);
      if (bytes === null) throw session.broken('it sent sound that is not base64');
      if (bytes.length > 0) yield bytes;
      if (ended) return;
    }
    throw session.broken('it closed the connection before the last sound');
  } finally {
    session.close();
  }
}

function mustFit(text: string, { maxBytes }: Grammar): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return;
  throw new SensoriumError('speak.too-long', `A sentence has ${bytes} bytes, and iFlytek speaks ${maxBytes} at once.`, {
    hint: 'Put full stops into the text, so that it comes in sentences.',
    details: { bytes, maxBytes },
  });
}

/**
 * A pace as iFlytek counts it: 50 is the voice's own, 0 half and 100 twice as fast. Source: `OralClient.java` in
 * iFLYTEK-OP/websdk-java; in between it is taken to grow evenly in ratio.
 */
function paceOf(speed: number, engine: string, context: CallContext): number {
  const pace = Math.round(50 + 50 * Math.log2(speed));
  if (pace >= 0 && pace <= 100) return pace;
  context.note(
    lossOf({
      kind: 'option-ignored',
      stage: 'speak',
      engine,
      text: 'speed',
      message: `iFlytek speaks from half as fast to twice as fast, and not ${speed} times.`,
      action: pace < 0 ? 'spoke half as fast' : 'spoke twice as fast',
    }),
  );
  return pace < 0 ? 0 : 100;
}
