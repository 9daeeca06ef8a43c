import { httpCase } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import { check, type Request } from '../server.ts';
import { tone } from '../sound.ts';
import { transcribe } from './asr.ts';
import { familyOf, hasVoice, isOlderOmni } from './models.ts';
import { checkRanges, readMessages } from './question.ts';
import { badParameter, COMPAT_REFUSALS, compatRefusal, QWEN_TEST_KEY, qwenRefusal } from './refusals.ts';

type Json = Readonly<Record<string, unknown>>;

const WORDS = ['现在', '是', '下午三点', '，', "it's 3 pm", ' 🕒。'];
const STREAM_ONLY = 'This model only support stream mode, please enable the stream parameter to access the model. ';
const RATE_HZ = 24_000;
/** No multiple of four: base64 is cut within its groups. */
const SOUND_PIECE_CHARS = 5_001;

/** One chat completion of the compatible API. */
export function chat(request: Request): Reply {
  check(request.headers.authorization === `Bearer ${QWEN_TEST_KEY}`, 'authorization', COMPAT_REFUSALS.badKey);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const refused = qwenRefusal(request.play, false);
  if (refused) return refused;
  const body = request.json();
  const { model } = body;
  const family = familyOf(model);
  // The models for sound that are only native have no place here either.
  if (typeof model !== 'string' || family === null || family === 'audio' || family === 'tts') {
    return compatRefusal(404, 'model_not_found', `The model \`${String(model)}\` does not exist.`, {
      type: 'invalid_request_error',
    });
  }
  if (family === 'asr') return transcribe(request, body);
  const { stream } = body;
  check(typeof stream === 'boolean', 'stream');
  check(family !== 'omni' || stream, 'an omni model without stream', badParameter(STREAM_ONLY));
  checkRanges(body);
  check(body.vl_high_resolution_images === undefined || family === 'vision', 'vl_high_resolution_images');
  const said = readMessages(body.messages, model, family);
  const speaks = checkSpeaking(body, model, family === 'omni');
  const words = said.length > 0 ? said : WORDS;
  if (request.play === 'tool-calls') return toolCalls(body, model);
  if (!stream && httpCase(request.play, json({}), COMPAT_REFUSALS) === null)
    return whole(request, model, words, said.length);
  const wantsUsage = (body.stream_options as Json | undefined)?.include_usage === true;
  const usage = usageOf(speaks, said.length);
  const good = streamed(request.play, model, words, speaks, wantsUsage ? usage : null);
  return httpCase(request.play, good, COMPAT_REFUSALS) ?? good;
}

/** Whether the answer is to be spoken, after a look at everything that goes with it. */
function checkSpeaking(body: Json, model: string, isOmni: boolean): boolean {
  const { modalities, audio, messages } = body;
  if (modalities === undefined || !(modalities as unknown[]).includes('audio')) {
    check(audio === undefined, 'audio without the modality');
    return false;
  }
  check(isOmni, 'sound from a model that does not speak', badParameter('The model does not support audio output.'));
  check(JSON.stringify(modalities) === '["text","audio"]', 'modalities');
  const { voice, format, ...rest } = (audio ?? {}) as Json;
  check(format === 'wav', `audio.format: ${String(format)}`, badParameter('The audio format must be wav.'));
  check(
    hasVoice(model, voice),
    `audio.voice: ${String(voice)}`,
    badParameter(`Voice ${String(voice)} is not supported.`),
  );
  check(Object.keys(rest).length === 0, 'audio: unknown fields');
  check(body.enable_thinking !== true, 'thinking aloud', badParameter('Thinking supports text output only.'));
  const hasSystem = (messages as Json[]).some(({ role }) => role === 'system');
  const refusesSystem = model.startsWith('qwen-omni-turbo');
  check(!refusesSystem || !hasSystem, 'a system message for sound', badParameter('System message is not supported.'));
  return true;
}

const USAGE = { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 };

function chunk(model: string, fields: Json): Json {
  return {
    ...fields,
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    system_fingerprint: null,
    model,
    id: 'chatcmpl-3a7c8f1e-5c1f-4f5b-9d0b-6f6f0f1d2e3c',
  };
}

function delta(model: string, content: Json, finish_reason: string | null = null): Json {
  return chunk(model, { choices: [{ delta: content, finish_reason, index: 0, logprobs: null }], usage: null });
}

function streamed(play: string, model: string, words: readonly string[], speaks: boolean, usage: Json | null): Reply {
  const besideSound = speaks && isOlderOmni(model);
  const text = words.map((word) => (besideSound ? { audio: { transcript: word } } : { content: word }));
  const sound = speaks ? soundPieces(play) : [];
  return events([
    delta(model, { content: '', role: 'assistant' }),
    ...text.map((content) => delta(model, content)),
    ...sound.map((data) => delta(model, { audio: { data, expires_at: 1_790_086_400, id: 'audio_6d8b7b6e' } })),
    delta(model, { content: '' }, 'stop'),
    ...(usage ? [chunk(model, { choices: [], usage })] : []),
    '[DONE]',
  ]);
}

/** Every medium counts for tokens of its own, as a 64×64 picture does: 64 · 64 / (32 · 32) + 2. */
const MEDIUM_TOKENS = 6;

function usageOf(speaks: boolean, media: number): Json {
  const more = MEDIUM_TOKENS * media;
  return {
    ...USAGE,
    prompt_tokens: USAGE.prompt_tokens + more,
    total_tokens: USAGE.total_tokens + more,
    completion_tokens_details: speaks ? { audio_tokens: 6, text_tokens: 2 } : { text_tokens: 8 },
    prompt_tokens_details: { text_tokens: 12 },
  };
}

/** Half a second of sound without a header, as one text of base64 cut anywhere. */
function soundPieces(play: string): string[] {
  const pcm = tone(500, RATE_HZ);
  const bytes = play === 'odd-sound' ? pcm.subarray(0, pcm.length - 1) : pcm;
  const text = play === 'broken-sound' ? `${bytes.toString('base64')}!!` : bytes.toString('base64');
  return text.match(new RegExp(`.{1,${SOUND_PIECE_CHARS}}`, 'g')) ?? [];
}

function whole({ play }: Request, model: string, words: readonly string[], media: number): Reply {
  const message = { role: 'assistant', content: words.join('') };
  return json(
    {
      choices: [{ message, finish_reason: 'stop', index: 0, logprobs: null }],
      object: 'chat.completion',
      usage: usageOf(false, media),
      created: 1_790_000_000,
      system_fingerprint: null,
      model,
      id: 'chatcmpl-3a7c8f1e-5c1f-4f5b-9d0b-6f6f0f1d2e3c',
    },
    200,
    play === 'partial-response' ? { 'x-dashscope-partialresponse': 'true' } : {},
  );
}

/** Two calls of the first function offered; the last piece of them says neither a reason nor an id. */
function toolCalls(body: Json, model: string): Reply {
  const [tool] = (body.tools ?? []) as { function?: { name?: unknown } }[];
  const name = tool?.function?.name;
  check(typeof name === 'string', 'tools');
  check(body.parallel_tool_calls === true, 'parallel_tool_calls: several calls must be asked for');
  const piece = (index: number, id: string, given: Json) =>
    delta(model, { content: null, tool_calls: [{ index, id, type: 'function', function: given }] });
  const tail = {
    delta: { tool_calls: [{ index: 1, id: '', type: 'function', function: { arguments: '' } }] },
    index: 0,
  };
  return events([
    delta(model, { content: '', role: 'assistant' }),
    piece(0, 'call_8a1f', { name, arguments: '' }),
    piece(0, '', { arguments: '{"city": "北' }),
    piece(0, '', { arguments: '京"}' }),
    piece(1, 'call_8a20', { name, arguments: '{"city": "上海"}' }),
    chunk(model, { choices: [tail], usage: null }),
    delta(model, {}, 'tool_calls'),
    chunk(model, { choices: [], usage: USAGE }),
    '[DONE]',
  ]);
}
