import { HTTP_CASES, httpCase, type Refusals } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import { type ConformanceServer, check, type Request } from '../server.ts';
import { tone } from '../sound.ts';
import { callsOf, checkRequest } from './fields.ts';

/** A made-up key. */
export const GEMINI_TEST_KEY = 'opaque/gemini.0123456789';

const refusal = (code: number, status: string, message: string): Reply =>
  json({ error: { code, message, status } }, code);

const chunk = (parts: readonly object[], fields: object = {}, usage: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...fields }],
  usageMetadata: { promptTokenCount: 12, totalTokenCount: 12, ...usage },
  modelVersion: 'gemini-test-2026',
  responseId: 'r1',
});

const REFUSALS: Refusals = {
  badKey: refusal(400, 'INVALID_ARGUMENT', `API key not valid. Please pass a valid API key (${GEMINI_TEST_KEY}).`),
  rateLimited: refusal(
    429,
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota, please check your plan and billing details.\nPlease retry in 0.02s.',
  ),
  quotaSpent: refusal(
    429,
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota, please check your plan and billing details.',
  ),
  filteredInput: json({
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
    usageMetadata: { promptTokenCount: 12 },
  }),
  filteredOutput: `data: ${JSON.stringify({ candidates: [{ finishReason: 'SAFETY', index: 0 }], usageMetadata: { promptTokenCount: 12 } })}\n\n`,
  failedMidway: `data: ${JSON.stringify({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } })}\n\n`,
};

const WORDS = ['现在', '是', '下午三点', '，', "it's 3 pm", ' 🕒。'];
const USAGE = { candidatesTokenCount: 8, thoughtsTokenCount: 5, totalTokenCount: 25 };
const THOUGHT = { text: 'The clock says three.', thought: true };

const HAPPY = events([
  chunk([THOUGHT]),
  ...WORDS.slice(0, -1).map((text) => chunk([{ text }])),
  chunk([{ text: WORDS.at(-1) ?? '' }], { finishReason: 'STOP' }, USAGE),
]);

function answer(request: Request): Reply {
  check(request.headers['x-goog-api-key'] === GEMINI_TEST_KEY, 'x-goog-api-key', REFUSALS.badKey);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const [, model = '', verb] = /^\/v1beta\/models\/([^/:]+):(\w+)$/.exec(request.path) ?? [];
  const streams = verb === 'streamGenerateContent';
  check(streams || verb === 'generateContent', `no such verb: ${verb}`, refusal(404, 'NOT_FOUND', 'Not found.'));
  check(!streams || request.query.get('alt') === 'sse', 'alt=sse is missing');
  const body = request.json();
  checkRequest(body, model, (message) => refusal(400, 'INVALID_ARGUMENT', message));
  if (request.play === 'no-model') {
    const message = `models/${model} is not found for API version v1beta, or is not supported for generateContent.`;
    return refusal(404, 'NOT_FOUND', message);
  }
  if (request.play === 'malformed-call')
    return events([chunk([{ text: WORDS[0] }]), chunk([], { finishReason: 'MALFORMED_FUNCTION_CALL' })]);
  const calls = callsOf(body);
  if (calls.length > 0) {
    // Of calls made together only the first is sealed.
    const parts = calls.map((name, at) => ({
      functionCall: { name, args: { city: 'Köln' } },
      ...(at === 0 ? { thoughtSignature: sealOf(name) } : {}),
    }));
    return one(chunk(parts, { finishReason: 'STOP' }, USAGE), streams);
  }
  if (/-tts/.test(model)) return spoken(streams);
  if (streams) return httpCase(request.play, HAPPY, REFUSALS) ?? HAPPY;
  const whole = chunk([THOUGHT, ...WORDS.map((text) => ({ text }))], { finishReason: 'STOP' }, USAGE);
  return httpCase(request.play, HAPPY, REFUSALS) ?? json(whole);
}

/** What seals the thoughts before a call, and is wanted back with it. */
export const sealOf = (name: string): string => Buffer.from(`seal of ${name}`).toString('base64');

const one = (message: object, streams: boolean): Reply => (streams ? events([message]) : json(message));

/** Sound is headerless PCM at 24 kHz. */
function spoken(streams: boolean): Reply {
  const data = tone(500, 24_000).toString('base64');
  const part = { inlineData: { mimeType: 'audio/L16;codec=pcm;rate=24000', data } };
  return one(chunk([part], { finishReason: 'STOP' }, { candidatesTokenCount: 12 }), streams);
}

/** Google's Gemini API as its SDK and documentation have it (googleapis/js-genai 6e9b35c, 2026-08-21). */
export const geminiConformance: ConformanceServer = {
  name: 'gemini',
  about: 'Google’s generateContent, whole and streamed',
  cases: {
    ...HTTP_CASES,
    'no-model': '404: there is no such model',
    'malformed-call': 'the model’s call of a function was none',
  },
  configure: (origin) => ({ providers: { gemini: { baseUrl: `${origin}/v1beta`, apiKey: GEMINI_TEST_KEY } } }),
  routes: { 'POST /v1beta/models/*': answer },
};
