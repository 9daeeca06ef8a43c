import { byteByByte, json, type Reply } from '../reply.ts';
import { streamed, WORDS, whole } from '../self-hosted/answers.ts';
import { checkBase64, isObject, mediaOf, messagesOf } from '../self-hosted/checks.ts';
import { type ConformanceServer, check, type Request, type Running } from '../server.ts';

const MODEL = 'llama3.2-vision:11b';
const line = (fields: object) => `${JSON.stringify({ model: MODEL, created_at: '2026-11-26T12:00:00Z', ...fields })}\n`;
const said = (content: string) => line({ message: { role: 'assistant', content }, done: false });
const figures = (eval_count: number) => ({ prompt_eval_count: 21, eval_count });
const end = (done_reason: string, spoken = WORDS.length) =>
  line({ message: { role: 'assistant', content: '' }, done: true, done_reason, ...figures(spoken) });
const notFound = json({ error: `model "${MODEL}" not found, try pulling it first` }, 404);

const stream = (pieces: readonly string[]): Reply => ({ headers: { 'content-type': 'application/x-ndjson' }, pieces });
const STREAM = stream([...WORDS.map(said), end('stop')]);

/** What is said to a request: its format, its longest answer and its texts to stop at are heeded. */
function answerTo(body: Readonly<Record<string, unknown>>): { words: string[]; reason: string } {
  const options = isObject(body.options) ? body.options : {};
  const whole = body.format === undefined ? WORDS : ['{"colour"', ': ', '"red"}'];
  const most = typeof options.num_predict === 'number' ? options.num_predict : whole.length;
  const stops = Array.isArray(options.stop) ? options.stop.map(String) : [];
  const words: string[] = [];
  for (const word of whole.slice(0, most)) {
    const places = stops.map((stop) => word.indexOf(stop)).filter((place) => place >= 0);
    words.push(word.slice(0, Math.min(...places, word.length)));
    if (places.length > 0) return { words, reason: 'stop' };
  }
  return { words, reason: most < whole.length ? 'length' : 'stop' };
}

function chat(request: Request): Reply {
  const body = request.json();
  const messages = messagesOf(body);
  for (const { role, content, images = [], tool_calls = [] } of messages) {
    check(typeof content === 'string', `the content of a ${String(role)} message is no text`);
    check(Array.isArray(images), 'images');
    for (const image of images)
      checkBase64(image, 'images', json({ error: 'illegal base64 data at input byte 4' }, 400));
    check(Array.isArray(tool_calls), 'tool_calls');
    for (const call of tool_calls) {
      check(
        isObject(call) && isObject(call.function) && isObject(call.function.arguments),
        'arguments are an object here',
      );
    }
  }
  const { format, options = {} } = body;
  check(body.model === MODEL, 'model', notFound);
  check(format === undefined || format === 'json' || isObject(format), 'format');
  check(isObject(options), 'options');
  check(
    Object.keys(options).every((name) => KNOWN.has(name)),
    'an option by a name of OpenAI’s',
  );
  return special(request.play) ?? happy(body);
}

const KNOWN = new Set(['temperature', 'top_p', 'num_predict', 'seed', 'stop', 'frequency_penalty', 'presence_penalty']);

function happy(body: Readonly<Record<string, unknown>>): Reply {
  const { words, reason } = answerTo(body);
  const [tool] = Array.isArray(body.tools) ? body.tools : [];
  const calls = tool ? { tool_calls: [{ function: { name: tool.function?.name, arguments: {} } }] } : {};
  if (body.stream !== false) {
    const call = tool ? [line({ message: { role: 'assistant', content: '', ...calls }, done: false })] : [];
    return stream([...words.map(said), ...call, end(reason, words.length)]);
  }
  const message = { role: 'assistant', content: words.join(''), ...calls };
  return json({ model: MODEL, message, done: true, done_reason: reason, ...figures(words.length) });
}

function special(play: string): Reply | null {
  const half = STREAM.pieces.slice(0, 3);
  switch (play) {
    case 'byte-by-byte':
      return byteByByte(STREAM);
    case 'failed-midway':
      return { ...STREAM, pieces: [...half, '{"error":"an error was encountered while running the model"}\n'] };
    case 'malformed-line':
      return { ...STREAM, pieces: [...half, '{"model":\n'] };
    case 'cut-off':
      return { ...STREAM, pieces: half };
    case 'reset-midway':
      return { ...STREAM, pieces: half, ending: 'reset' };
    case 'not-pulled':
      return notFound;
    case 'too-old':
      return json({ error: 'llama3.2-vision is no longer compatible with your version of Ollama' }, 500);
    case 'length':
      return { ...STREAM, pieces: [...half, end('length')] };
    case 'thinks-and-calls':
      return {
        ...STREAM,
        pieces: [
          line({ message: { role: 'assistant', content: '', thinking: '看看天气。' }, done: false }),
          line({
            message: {
              role: 'assistant',
              content: '',
              tool_calls: [{ function: { name: 'weather', arguments: { city: '北京' } } }],
            },
            done: false,
          }),
          end('stop'),
        ],
      };
    default:
      return null;
  }
}

function show(request: Request, { switchedOn }: Running): Reply {
  check(request.json().model === MODEL, 'model', notFound);
  const capabilities = [
    'completion',
    ...(switchedOn.has('blind') ? [] : ['vision']),
    ...(switchedOn.has('hears') ? ['audio'] : []),
  ];
  return json({ capabilities, model_info: { 'general.architecture': 'mllama', 'mllama.context_length': 131_072 } });
}

/** The compatible way, which takes pictures as data only: `data:image/…;base64,` or `data:;base64,`, object or plain string. */
function compatible(request: Request): Reply {
  const body = request.json();
  for (const part of mediaOf(messagesOf(body))) {
    const refuse = (message: string) =>
      json({ error: { message, type: 'invalid_request_error', param: null, code: null } }, 400);
    if (part.type === 'input_audio') {
      checkBase64(
        isObject(part.input_audio) ? part.input_audio.data : null,
        'input_audio',
        refuse('invalid input_audio base64 data'),
      );
      continue;
    }
    check(part.type === 'image_url', `part ${String(part.type)}`, refuse('invalid message format'));
    const url = String(isObject(part.image_url) ? part.image_url.url : part.image_url);
    const byUrl = refuse('image URLs are not currently supported, please use base64 encoded data instead');
    check(!/^https?:/.test(url), 'a picture by its address', byUrl);
    const [, data] = /^data:(?:image\/(?:jpeg|jpg|png|webp))?;base64,(.*)$/s.exec(url) ?? [];
    checkBase64(data, 'image_url', refuse('invalid image input'));
  }
  return body.stream === true ? streamed(MODEL) : whole(MODEL);
}

/** Ollama. Source: ollama's docs/api.md and openai/openai.go (fb3076099). */
export const ollamaConformance: ConformanceServer = {
  name: 'ollama',
  about: 'Ollama’s own chat, its list of what a model can do, and its compatible way',
  cases: {
    'byte-by-byte': 'every byte is a packet of its own',
    'failed-midway': 'A2: an error as a line of the stream',
    'malformed-line': 'a line that is not JSON',
    'cut-off': 'the stream ends without done',
    'reset-midway': 'the connection breaks in the middle',
    'not-pulled': 'A3: the model is not there',
    'too-old': 'weights pulled long ago that this build cannot read',
    length: 'the longest answer allowed is reached',
    'thinks-and-calls': 'thoughts, then a call of a function',
  },
  switches: { blind: 'its model sees nothing', hears: 'its model hears' },
  configure: (origin) => ({ providers: { ollama: { baseUrl: `${origin}/v1` } } }),
  routes: { 'POST /api/chat': chat, 'POST /api/show': show, 'POST /v1/chat/completions': compatible },
};
