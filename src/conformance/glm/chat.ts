import { HTTP_CASES, httpCase, type Refusals } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import type { Request, Running } from '../server.ts';
import { wav } from '../sound.ts';
import { errorOf, refusal, refusedCase } from './errors.ts';
import { BAD_KEY, checkKey } from './key.ts';
import { checkQuestion, type Question } from './question.ts';

/** The sound of every spoken answer lasts so long. */
export const SPOKEN_MS = 400;
/** Not a multiple of four, so that pieces end within a group of base64. */
const PIECE_CHARS = 4_001;
const TOKENS_PER_SECOND = 12.5;

export const CHAT_CASES: Readonly<Record<string, string>> = {
  ...HTTP_CASES,
  sensitive: 'G2: finish_reason sensitive, with what the filter says of it',
  'network-error': 'G2: finish_reason network_error',
  'context-exceeded': 'G2: finish_reason model_context_window_exceeded',
  'filter-levels': 'G3: content_filter with levels 0 to 3 beside a good answer',
  tagged: 'G5: <think> and box tags, a character in each chunk',
  'error-event': 'an error in an event called error',
  'called-tool': 'a call of a function in pieces',
  'broken-sound': 'H9: sound that is cut and holds what is not base64',
};

/** The answers as they come, besides what was asked. */
const WORDS = ['现在', '是', '下午三点', '，', "it's 3 pm", ' 🕒。'];
const TAGGED = '<think>先数一数。</think>\n<|begin_of_box|>三<|end_of_box|>个人。';
const FILTERED = [{ role: 'user', level: 0 }];

const BASE = { id: '202611261000madeup', request_id: 'made-up-request', created: 1_790_000_000 };

export const GLM_REFUSALS: Refusals = {
  badKey: BAD_KEY,
  rateLimited: refusal(1302),
  quotaSpent: refusal(1113),
  filteredInput: refusal(1301),
  filteredOutput: lines([
    delta({ content: '' }, 'sensitive', { content_filter: [{ role: 'assistant', level: 1 }] }),
    '[DONE]',
  ]),
  failedMidway: lines([errorOf(1234)]),
};

/** Answers a chat as the documentation has it. */
export function chat(request: Request, server: Running): Reply {
  checkKey(request);
  const question = checkQuestion(request, server);
  const refused = refusedCase(request.play);
  if (refused) return refused;
  const good = streamed(question, request.play, server);
  const special = httpCase(request.play, good, GLM_REFUSALS);
  if (special) return special;
  return question.stream ? good : whole(question, request.play, server);
}

function wordsFor({ media }: Question): readonly string[] {
  return media.length === 0 ? WORDS : ['我', '收到', '了', ...media.map(({ words }) => words), '。'];
}

function usageFor({ media }: Question): object {
  const heard = media.reduce((sum, { soundMs }) => sum + Math.ceil((soundMs / 1000) * TOKENS_PER_SECOND), 0);
  return { usage: { prompt_tokens: 12 + heard, completion_tokens: 8, total_tokens: 20 + heard } };
}

function streamed(question: Question, play: string, server: Running): Reply {
  const end = (reason: string, fields: object = {}) => [
    delta({ role: 'assistant', content: '' }, reason, { ...usageFor(question), ...fields }),
    '[DONE]',
  ];
  const said = wordsFor(question).map((content) => delta({ role: 'assistant', content }));
  switch (play) {
    case 'sensitive':
      return events([...said.slice(0, 2), ...end('sensitive', { content_filter: FILTERED })]);
    case 'network-error':
      return events([...said.slice(0, 2), ...end('network_error')]);
    case 'context-exceeded':
      return events([...said.slice(0, 2), ...end('model_context_window_exceeded')]);
    case 'filter-levels':
      return events([...said, ...end('stop', { content_filter: levels() })]);
    case 'tagged':
      return events([...[...TAGGED].map((content) => delta({ role: 'assistant', content })), ...end('stop')]);
    case 'error-event': {
      const { pieces, ...reply } = events(said.slice(0, 2));
      return { ...reply, pieces: [...pieces, `event: error\n${lines([errorOf(1234)])}`] };
    }
    case 'called-tool':
      return events([...toolPieces(), ...end('tool_calls')]);
    default:
      return events([...said, ...soundPieces(question, play, server), ...end('stop')]);
  }
}

function whole(question: Question, play: string, server: Running): Reply {
  const reasons: Readonly<Record<string, string>> = {
    sensitive: 'sensitive',
    'network-error': 'network_error',
    'context-exceeded': 'model_context_window_exceeded',
  };
  const message = {
    role: 'assistant',
    content: play === 'tagged' ? TAGGED : wordsFor(question).join(''),
    ...(question.kind === 'voice' ? { audio: audioOf(spoken(server)) } : {}),
  };
  return json({
    ...BASE,
    model: question.model,
    choices: [{ index: 0, message, finish_reason: reasons[play] ?? 'stop' }],
    ...usageFor(question),
    ...(play === 'filter-levels' ? { content_filter: levels() } : {}),
    ...(play === 'sensitive' ? { content_filter: FILTERED } : {}),
  });
}

function soundPieces({ kind }: Question, play: string, server: Running): object[] {
  if (kind !== 'voice') return [];
  const data = spoken(server);
  const broken = play === 'broken-sound' ? `${data.slice(0, PIECE_CHARS)}!?` : data;
  const pieces = broken.match(new RegExp(`.{1,${PIECE_CHARS}}`, 'g')) ?? [];
  return pieces.map((piece) => delta({ role: 'assistant', content: '', audio: audioOf(piece) }));
}

/** Base64 of a WAV; at which rate, and whether a stream has its header, nobody has verified. */
function spoken({ switchedOn }: Running): string {
  const file = wav(SPOKEN_MS, switchedOn.has('sound-at-44100') ? 44_100 : 24_000);
  return file.subarray(switchedOn.has('sound-without-header') ? 44 : 0).toString('base64');
}

function audioOf(data: string): object {
  return { id: 'audio-made-up', data, expires_at: '1790003600' };
}

function levels(): object[] {
  return [0, 1, 2, 3].map((level) => ({ role: level % 2 === 0 ? 'history' : 'assistant', level }));
}

function toolPieces(): object[] {
  const call = (fields: object, called: object) =>
    delta({ role: 'assistant', tool_calls: [{ index: 0, ...fields, function: called }] });
  return [
    call({ id: 'call_1', type: 'function' }, { name: 'sing', arguments: '{"song"' }),
    call({}, { arguments: ':"月"}' }),
  ];
}

function delta(content: object, finish_reason: string | null = null, fields: object = {}): object {
  return { ...BASE, model: 'glm-made-up', choices: [{ index: 0, delta: content, finish_reason }], ...fields };
}

function lines(of: readonly (object | string)[]): string {
  return events(of).pieces.join('');
}
