import { json, type Reply } from '../reply.ts';
import { check, type Request } from '../server.ts';
import { heardSentence, listen } from './listen.ts';
import { nativeEvents } from './native-events.ts';

type Json = Readonly<Record<string, unknown>>;

const WORDS = ['现在', '是', '下午三点', '，', "it's 3 pm", ' 🕒。'];
const PARAMETERS: ReadonlySet<string> = new Set([
  'result_format',
  'incremental_output',
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'stop',
  'max_tokens',
  'repetition_penalty',
]);

/** A model that listens, natively: parts known by their only field, an answer in pieces without a mark at its end. */
export function listenNatively(request: Request, body: Json): Reply {
  const { messages } = (body.input ?? {}) as Json;
  check(Array.isArray(messages) && messages.length > 0, 'input.messages');
  const heard = (messages as Json[]).flatMap(({ role, content }) => {
    check(['system', 'user', 'assistant'].includes(role as string), `input.messages: role ${String(role)}`);
    check(Array.isArray(content) && content.length > 0, 'input.messages: content is a list of parts');
    return (content as Json[]).flatMap((part) => {
      const [name, ...others] = Object.keys(part);
      check(others.length === 0 && (name === 'text' || name === 'audio'), `a part of ${Object.keys(part).join(', ')}`);
      if (name === 'audio') return [heardSentence(listen(part.audio))];
      check(typeof part.text === 'string', 'text part');
      return [];
    });
  });
  const parameters = (body.parameters ?? {}) as Json;
  for (const name of Object.keys(parameters)) check(PARAMETERS.has(name), `parameters.${name}`);
  check(parameters.result_format === 'message', 'parameters.result_format');
  const words = heard.length > 0 ? heard : WORDS;
  const message = (content: string, finish_reason: string) => ({
    output: { choices: [{ message: { role: 'assistant', content: [{ text: content }] }, finish_reason }] },
    usage: { input_tokens: 33, output_tokens: 7, audio_tokens: heard.length > 0 ? 27 : 0 },
    request_id: '0d2a8f3c',
  });
  if (request.headers['x-dashscope-sse'] !== 'enable') return json(message(words.join(''), 'stop'));
  check(parameters.incremental_output === true, 'parameters.incremental_output: pieces, not all from the start');
  return nativeEvents([...words.map((word) => message(word, 'null')), message('', 'stop')], false);
}
