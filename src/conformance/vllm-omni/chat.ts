import { HTTP_CASES, httpCase } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import { USAGE, WORDS } from '../self-hosted/answers.ts';
import { mediaOf, messagesOf } from '../self-hosted/checks.ts';
import { type ConformanceServer, check, type Request, type Running } from '../server.ts';
import { checkMedia, VLLM_REFUSALS } from '../vllm/chat.ts';

const MODEL = 'Qwen/Qwen3-Omni-30B-A3B-Instruct';
const RATE_HZ = 24_000;
const VOICES = ['ethan', 'chelsie'];

/** A tenth of a second of a tone, in so many pieces. */
const PIECES = 4;
const TONE = Int16Array.from({ length: RATE_HZ / 10 }, (_, at) => 8_000 * Math.sin((2 * Math.PI * 440 * at) / RATE_HZ));

/** 16-bit mono WAV (RIFF, 44 bytes of header). */
function wav(samples: Int16Array): string {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE_HZ, 24);
  header.writeUInt32LE(2 * RATE_HZ, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]).toString(
    'base64',
  );
}

const chunk = (
  modality: string,
  content: string,
  finish_reason: string | null = null,
  usage: object | null = null,
) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: MODEL,
  choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason }],
  modality,
  usage,
});

/** Words first, then the voice, whose base64 lies where words do. */
function streamedAnswer(wants: readonly string[], ends: string): Reply {
  const words = WORDS.map((word) => chunk('text', word));
  const step = TONE.length / PIECES;
  const voice = Array.from({ length: PIECES }, (_, at) =>
    chunk('audio', wav(TONE.subarray(at * step, (at + 1) * step))),
  );
  return events([
    ...(wants.includes('text') ? [...words, chunk('text', '', ends, USAGE)] : []),
    ...(wants.includes('audio') ? [...voice, chunk('audio', '', 'stop')] : []),
    '[DONE]',
  ]);
}

function wholeAnswer(wants: readonly string[]): Reply {
  const text = { index: 0, message: { role: 'assistant', content: WORDS.join('') }, finish_reason: 'stop' };
  const audio = { id: 'audio-0123456789abcdef', data: wav(TONE), expires_at: 1_790_086_400, transcript: '' };
  const sound = { index: 1, message: { role: 'assistant', content: null, audio }, finish_reason: 'stop' };
  const choices = [...(wants.includes('text') ? [text] : []), ...(wants.includes('audio') ? [sound] : [])];
  return json({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: MODEL,
    choices,
    usage: USAGE,
  });
}

function answer(request: Request, server: Running): Reply {
  const { messages, modalities = ['text', 'audio'], stream, voice } = request.json();
  checkMedia(mediaOf(messagesOf({ messages })), server);
  check(Array.isArray(modalities) && modalities.every((one) => one === 'text' || one === 'audio'), 'modalities');
  check(voice === undefined || VOICES.includes(String(voice).toLowerCase()), `Invalid speaker '${String(voice)}'.`);
  const isCutShort = request.play === 'cut-short-and-spoken';
  const streamed = streamedAnswer(modalities, isCutShort ? 'length' : 'stop');
  if (request.play === 'sound-cut-off') return { ...streamed, pieces: streamed.pieces.slice(0, -3), ending: 'reset' };
  if (request.play === 'sound-ends-early') return { ...streamed, pieces: streamed.pieces.slice(0, -3) };
  return httpCase(request.play, streamed, VLLM_REFUSALS) ?? (stream === true ? streamed : wholeAnswer(modalities));
}

/** vLLM-Omni. Source: vllm_omni/entrypoints/openai/serving_chat.py. */
export const vllmOmniConformance: ConformanceServer = {
  name: 'vllm-omni',
  about: 'vLLM-Omni’s spoken answers: two choices, or chunks of two modalities',
  cases: {
    ...HTTP_CASES,
    'sound-cut-off': 'the connection breaks after the words and before the last of the sound',
    'sound-ends-early': 'the stream ends properly before the last of the sound',
    'cut-short-and-spoken': 'the words reach the longest answer allowed, the sound its end',
  },
  configure: (origin) => ({ providers: { 'vllm-omni': { baseUrl: `${origin}/v1` } } }),
  routes: { 'POST /v1/chat/completions': answer },
};
