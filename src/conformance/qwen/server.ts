import { HTTP_CASES } from '../cases.ts';
import { VECTOR_CASES } from '../embeddings/vectors.ts';
import { json } from '../reply.ts';
import { type ConformanceServer, check } from '../server.ts';
import { chat } from './chat.ts';
import { embedContents, embedRows } from './embeddings.ts';
import { generation } from './native.ts';
import { COMPAT_REFUSALS, QWEN_TEST_KEY } from './refusals.ts';
import { upgrade } from './task-socket.ts';
import { result } from './tts.ts';

export { QWEN_TEST_KEY } from './refusals.ts';

const CASES: Readonly<Record<string, string>> = {
  'wrong-region': 'Q12: a key of another region',
  arrearage: 'Q11: the account is in arrears',
  'allocation-quota': 'Q11: allocation quota, without a word on when to come back',
  'allocation-quota-later': 'Q11: allocation quota with Retry-After',
  'free-tier': 'Q11: the free tier is used up',
  'too-long': 'the input is longer than the model takes',
  'code-in-200': 'Q9: a native refusal with status 200',
  'odd-sound': 'H9: the sound ends in the middle of a sample',
  'broken-sound': 'H9: characters that are not base64 in the sound',
  'partial-response': 'Q15: an answer in one piece that ran out of time',
  'tool-calls': 'Q16: calls of functions whose last piece has no reason',
  'no-annotations': 'Q6: a transcript without language and emotion',
  'streamed-anyway': 'Q6: a transcript as a stream that nobody asked for',
  'whole-anyway': 'Q7: speech as the address of a WAV, though a stream was asked for',
  'expired-url': 'Q7: that address has expired',
  'foreign-url': 'H12: that address is on somebody else’s host',
  silent: 'Q8: a stream of speech that brings no sound, only the address of it',
  'failed-sound': 'Q8: the native server fails in the middle of a stream',
  'sound-first': 'Q14: sound comes before the word that its task has started',
  'task-failed': 'Q14: a task fails in its middle',
  'task-filtered': 'Q14: a task is stopped by a content filter',
  'foreign-task': 'Q14: words about a task of somebody else',
  'socket-cut': 'Q14: the connection breaks in the middle of a task',
  'socket-closed': 'Q14: the server closes the socket well, but before the task is done',
};

export const qwenConformance: ConformanceServer = {
  name: 'qwen',
  about:
    'Alibaba Model Studio: Qwen-VL, Qwen-Omni, Qwen-Audio, Qwen3-ASR, Qwen-TTS, and the task socket of CosyVoice and Fun-ASR',
  cases: { ...HTTP_CASES, ...VECTOR_CASES, ...CASES },
  switches: {
    'short-texts': 'speech refuses texts of more than 600 characters',
    'bare-events': 'native events come without id, event and status comment, and with a plain null as reason',
    'models-list': 'the compatible API lists its models',
  },
  configure: (origin) => ({
    providers: { qwen: { baseUrl: `${origin}/compatible-mode/v1`, apiKey: QWEN_TEST_KEY } },
  }),
  routes: {
    'POST /compatible-mode/v1/chat/completions': chat,
    'POST /api/v1/services/aigc/multimodal-generation/generation': generation,
    'POST /api/v1/services/embeddings/multimodal-embedding/multimodal-embedding': embedContents,
    'POST /compatible-mode/v1/embeddings': embedRows,
    'GET /result/*': result,
    'GET /compatible-mode/v1/models': (request, { switchedOn }) => {
      check(request.headers.authorization === `Bearer ${QWEN_TEST_KEY}`, 'authorization', COMPAT_REFUSALS.badKey);
      if (!switchedOn.has('models-list')) return json({ error: 'not found' }, 404);
      const data = ['qwen3-vl-plus', 'qwen3-omni-flash'].map((id) => ({ id, object: 'model', owned_by: 'system' }));
      return json({ object: 'list', data });
    },
  },
  upgrade,
};
