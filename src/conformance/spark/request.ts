import { json, type Reply } from '../reply.ts';
import { check, type Request } from '../server.ts';

/** A made-up APIPassword, of no form that is known for keys. */
export const SPARK_TEST_PASSWORD = 'opaquePassword:spark0123456789';

/** What the gateway says to a key that is none of its own, as recorded by people who used the sockets' APIKey. */
export const UNSIGNED: Reply = json(
  { message: "HMAC signature cannot be verified:enforced header 'host' not used for signature creation" },
  401,
);

export const CODES = {
  busy: [10007, 'user is busy'],
  'input-refused': [10013, '输入内容审核不通过'],
  'output-refused': [10014, '输出内容涉及敏感信息'],
  'maybe-refused': [10019, '本次会话内容有涉及违规信息的倾向'],
  'too-long': [10907, 'token数量超过上限'],
  'not-authorised': [11200, 'AppIdNoAuthError'],
  'day-spent': [11201, 'AppIdDailyLimitError'],
  'second-spent': [11202, 'AppIdQpsOverFlowError'],
  'lines-spent': [11203, 'AppIdConcOverFlowError'],
  'engine-failed': [10012, 'EngineInternalError'],
  'wrong-value': [10005, 'invalid parameter value'],
} as const satisfies Record<string, readonly [number, string]>;

export type CodeName = keyof typeof CODES;

/** A failure as a body, or as a line of a stream. */
export const failure = (name: CodeName) => ({ code: CODES[name][0], message: CODES[name][1], sid: 'cha000b0001@dx1' });

/** The models of each version of the API. */
const FIRST = ['lite', 'generalv3', 'pro-128k', 'generalv3.5', 'max-32k', '4.0Ultra', 'kjwx'];
const SECOND = ['x1', 'spark-x'];

const FIELDS = new Set([
  ...['model', 'messages', 'user', 'stream', 'temperature', 'top_p', 'top_k', 'max_tokens', 'response_format'],
  ...['presence_penalty', 'frequency_penalty', 'tools', 'tool_calls_switch', 'tool_choice', 'suppress_plugin'],
  ...['keep_alive', 'thinking'],
]);

/** What of a question decides the answer. */
export interface Asked {
  readonly model: string;
  readonly stream: boolean;
  readonly maxTokens: number;
  readonly tool: string | null;
  readonly callsInList: boolean;
  readonly inJson: boolean;
}

/** Checks a question by Spark's documentation (`research/providers.md` §4.1). */
export function checkRequest(request: Request): Asked {
  check(request.headers.authorization === `Bearer ${SPARK_TEST_PASSWORD}`, 'authorization', UNSIGNED);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const wrong = json(failure('wrong-value'));
  const body = request.json();
  const { model, messages, stream, max_tokens: maxTokens, top_k: topK, tools, tool_calls_switch: inList } = body;
  const format = (body.response_format as { type?: unknown } | undefined)?.type;
  for (const field of Object.keys(body)) check(FIELDS.has(field), `${field}: there is no such field`, wrong);
  check(typeof model === 'string', 'model', wrong);
  const models = request.path.startsWith('/v2/') ? SECOND : FIRST;
  check(models.includes(model), `${model} is not a model of ${request.path}`, wrong);
  check(Array.isArray(messages) && messages.length > 0, 'messages', wrong);
  for (const { role, content, tool_calls } of messages) {
    check(['system', 'user', 'assistant', 'tool'].includes(role), `role ${role}`, wrong);
    check(typeof content === 'string' || tool_calls !== undefined, 'content must be words', wrong);
  }
  check(maxTokens === undefined || inRange(maxTokens, mostTokens(model)), `max_tokens ${maxTokens}`, wrong);
  check(format === undefined || format === 'text' || format === 'json_object', `response_format ${format}`, wrong);
  const { temperature } = body;
  check(temperature === undefined || Number(temperature) > 0, `temperature ${temperature}`, wrong);
  check(topK === undefined || inRange(topK, 6), `top_k ${topK}`, wrong);
  return {
    model,
    stream: stream === true,
    maxTokens: typeof maxTokens === 'number' ? maxTokens : Number.POSITIVE_INFINITY,
    tool: Array.isArray(tools) ? nameOf(tools[0]) : null,
    callsInList: inList === true,
    inJson: format === 'json_object',
  };
}

function nameOf(tool: { type?: unknown; function?: { name?: unknown } }): string | null {
  check(tool.type === 'function' || tool.type === 'web_search', 'tools');
  return tool.type === 'function' ? String(tool.function?.name) : null;
}

const inRange = (value: unknown, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;

const mostTokens = (model: string): number =>
  model === 'lite' || model === 'pro-128k' ? 4_096 : SECOND.includes(model) ? Number.MAX_SAFE_INTEGER : 8_192;
