import { HTTP_CASES, httpCase, type Refusals } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import type { ConformanceServer, Request, Running } from '../server.ts';
import { type Asked, CODES, type CodeName, checkRequest, failure, SPARK_TEST_PASSWORD, UNSIGNED } from './request.ts';

export { SPARK_TEST_PASSWORD } from './request.ts';

const WORDS = ['现在', '是', '下午三点', '，', "it's3pm", '🕒', '。'];
const JSON_WORDS = ['{"time":', '"15:00"}'];
const SID = 'cha000b0001@dx1905cd86d6bb86d552';
const MARK = 'data:';

const line = (delta: object, more: object = {}) => ({
  code: 0,
  message: 'Success',
  sid: SID,
  id: SID,
  created: 1_790_000_000,
  choices: [{ delta: { role: 'assistant', ...delta }, index: 0 }],
  ...more,
});
const usageOf = (words: readonly string[]) => ({
  prompt_tokens: 12,
  completion_tokens: words.length,
  total_tokens: 12 + words.length,
});
/** No reason to stop, no model; the figures come with the last words. */
const streamed = (words: readonly string[], thoughts: readonly string[] = []): Reply =>
  events(
    [
      ...thoughts.map((thought) => line({ content: '', reasoning_content: thought })),
      ...words.map((content, at) => line({ content }, at === words.length - 1 ? { usage: usageOf(words) } : {})),
      '[DONE]',
    ],
    MARK,
  );

const asLine = (body: object) => `${MARK}${JSON.stringify(body)}\n\n`;
const REFUSALS: Refusals = {
  badKey: UNSIGNED,
  // Nobody has seen what a 4xx other than 401 looks like; these cases are about its status and headers.
  rateLimited: json(failure('second-spent'), 429),
  quotaSpent: json(failure('day-spent')),
  filteredInput: json(failure('input-refused')),
  filteredOutput: `${asLine(failure('output-refused'))}data:[DONE]\n\n`,
  failedMidway: asLine(failure('engine-failed')),
};

function answer(request: Request, server: Running): Reply {
  const asked = checkRequest(request);
  const words = (asked.inJson ? JSON_WORDS : WORDS).slice(0, asked.maxTokens);
  const thoughts = /^\/v2\//.test(request.path) ? ['先看', '钟。'] : [];
  const special = httpCase(request.play, streamed(WORDS), REFUSALS);
  if (special) return special;
  const [where, name] = request.play.split(':');
  if (where === 'whole') return json(failure(name as CodeName));
  if (where === 'midway') return midway(failure(name as CodeName));
  if (asked.tool !== null) return called(asked, asked.tool);
  if (asked.stream) return streamed(words, thoughts);
  const id = server.switchedOn.has('no-id') ? {} : { id: SID };
  const reasoning = thoughts.length > 0 ? { reasoning_content: thoughts.join('') } : {};
  const message = { role: 'assistant', content: words.join(''), ...reasoning };
  return json({
    code: 0,
    message: 'Success',
    sid: SID,
    ...id,
    choices: [{ message, index: 0 }],
    usage: usageOf(words),
  });
}

function midway(failed: object): Reply {
  const { headers, pieces } = streamed(WORDS);
  return { ...(headers ? { headers } : {}), pieces: [...pieces.slice(0, 3), asLine(failed), 'data:[DONE]\n\n'] };
}

/** One call as an object, or calls in a list where the switch was on. */
function called({ callsInList, stream }: Asked, name: string): Reply {
  const call = (id: string) => ({ id, type: 'function', function: { name, arguments: '{"a":2,"b":2}' } });
  const tool_calls = callsInList ? [call('call_1'), call('call_2')] : call('call_1');
  const usage = usageOf(WORDS);
  if (stream) return events([line({ content: '', tool_calls }, { usage }), '[DONE]'], MARK);
  const message = { role: 'assistant', content: '', tool_calls };
  return json({ code: 0, message: 'Success', sid: SID, choices: [{ message, index: 0 }], usage });
}

const CODE_CASES = Object.fromEntries(
  Object.entries(CODES).flatMap(([name, [code]]) => [
    [`whole:${name}`, `S3, S5: 200 with code ${code} in the body`],
    [`midway:${name}`, `S3, S5: code ${code} in a line of the stream`],
  ]),
);

export const sparkConformance: ConformanceServer = {
  name: 'spark',
  about: 'iFlytek Spark’s chat completions over HTTP',
  cases: { ...HTTP_CASES, ...CODE_CASES },
  switches: { 'no-id': 'a whole answer has no id' },
  configure: (origin) => ({ providers: { spark: { baseUrl: `${origin}/v1`, apiKey: SPARK_TEST_PASSWORD } } }),
  routes: { 'POST /v1/chat/completions': answer, 'POST /v2/chat/completions': answer },
};
