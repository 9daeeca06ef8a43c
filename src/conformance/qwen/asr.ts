import { httpCase } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import { check, type Request } from '../server.ts';
import { heardSentence, listen } from './listen.ts';
import { badParameter, COMPAT_REFUSALS } from './refusals.ts';

type Json = Readonly<Record<string, unknown>>;

const LONGEST_MS = 5 * 60_000;
/** A token is at least a character, so this much can never be too much for the vendor. */
const LONGEST_CONTEXT_CHARS = 10_000;
const EMOTION = 'happy';

/** What qwen3-asr makes of a recording: a sentence with its length, and with the first word of the context it was given. */
export function transcribe(request: Request, body: Json): Reply {
  const { model, messages, stream = false, asr_options: options = {} } = body;
  check(typeof stream === 'boolean', 'stream');
  check(Array.isArray(messages), 'messages');
  const [user, ...before] = (messages as Json[]).toReversed();
  check(
    before.length <= 1 && before.every(({ role }) => role === 'system'),
    'messages: at most one, the context, before the sound',
  );
  const context = before[0]?.content ?? '';
  check(typeof context === 'string' && context.length <= LONGEST_CONTEXT_CHARS, 'context');
  const parts = user?.content as readonly Json[] | undefined;
  check(user?.role === 'user' && Array.isArray(parts) && parts.length === 1, 'messages: one part, the sound');
  check(parts[0]?.type === 'input_audio', 'messages: a part of another type');
  const measured = listen((parts[0]?.input_audio as Json | undefined)?.data);
  check(measured.durationMs <= LONGEST_MS, 'audio: longer than 5 minutes', badParameter('The audio is too long.'));
  const language = languageIn(options as Json);

  const [term] = context.split(/[\s,，、"[\]]+/).filter((word) => word !== '');
  const text = term === undefined ? heardSentence(measured) : `${heardSentence(measured)}提到了${term}。`;
  const said = { model, created: 1_790_000_000, id: 'chatcmpl-0e1b', system_fingerprint: null };
  const annotations = [{ type: 'audio_info', language, emotion: EMOTION }];
  const usage = {
    prompt_tokens: 42,
    completion_tokens: 8,
    total_tokens: 50,
    seconds: Math.ceil(measured.durationMs / 1000),
  };
  const isBare = request.play === 'no-annotations';
  const told = isBare ? {} : { annotations };
  const piece = (delta: Json, finish_reason: string | null = null) => ({
    ...said,
    object: 'chat.completion.chunk',
    choices: [{ delta, finish_reason, index: 0, logprobs: null }],
    usage: null,
  });
  const inPieces = events([
    piece({ content: '', role: 'assistant' }),
    ...(text.match(/.{1,4}/gsu) ?? []).map((content) => piece({ content, ...told })),
    piece({ content: '', ...told }, 'stop'),
    { ...said, choices: [], usage },
    '[DONE]',
  ]);
  if (stream || request.play === 'streamed-anyway')
    return httpCase(request.play, inPieces, COMPAT_REFUSALS) ?? inPieces;
  const message = { role: 'assistant', content: text, ...told };
  const good = json({
    ...said,
    object: 'chat.completion',
    choices: [{ message, finish_reason: 'stop', index: 0 }],
    usage,
  });
  return httpCase(request.play, good, COMPAT_REFUSALS) ?? good;
}

function languageIn(options: Json): string {
  const { language = 'zh', ...rest } = options;
  check(typeof language === 'string' && /^[a-z]{2,3}$/.test(language), `asr_options.language: ${String(language)}`);
  for (const name of Object.keys(rest)) check(['enable_itn', 'enable_lid'].includes(name), `asr_options.${name}`);
  return language;
}
