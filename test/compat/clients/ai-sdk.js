// Vercel's AI SDK with its provider for servers of OpenAI's kind, as its users use it.
import assert from 'node:assert/strict';
import {
  baseURL,
  cannot,
  capital,
  chatModel,
  check,
  cosine,
  key,
  load,
  narrowKey,
  note,
  picture,
  question,
  refused,
  texts,
  weatherTool,
} from './report.js';

const { APICallError, embedMany, generateText, jsonSchema, Output, RetryError, streamText, tool } = await load('ai');
const { createOpenAICompatible } = await load('@ai-sdk/openai-compatible');

/** What the provider shows of our own field. */
const metadataExtractor = {
  extractMetadata: async ({ parsedBody }) => ({
    here: { sensorium: parsedBody.sensorium, logprobs: parsedBody.choices[0].logprobs },
  }),
  createStreamExtractor: () => {
    const seen = [];
    return {
      processChunk: (chunk) => chunk?.sensorium && seen.push(chunk.sensorium),
      buildMetadata: () => ({
        here: { sensorium: seen.at(-1), events: seen.flatMap(({ event }) => event?.kind ?? []) },
      }),
    };
  },
};
const providerWith = (apiKey) =>
  createOpenAICompatible({
    name: 'here',
    baseURL,
    apiKey,
    includeUsage: true,
    supportsStructuredOutputs: true,
    metadataExtractor,
  });
const here = providerWith(key);
const narrow = providerWith(narrowKey);

const usual = { model: here(chatModel), temperature: 0, maxOutputTokens: 40, maxRetries: 0 };
const ask = (more) => generateText({ ...usual, ...more });
const askWith = (content, more) => ask({ messages: [{ role: 'user', content }], ...more });
const stream = (more) => streamText({ ...usual, onError: () => {}, ...more });
const spokenQuestion = { type: 'file', data: question, mediaType: 'audio/wav' };
const redDot = { type: 'file', data: picture, mediaType: 'image/png' };
const ours = ({ providerMetadata }) => providerMetadata.here.sensorium;
const leftOut = (answer, option) =>
  ours(answer).ledger.losses.some((loss) => loss.kind === 'option-ignored' && loss.text.startsWith(option));
const withOurs = (sensorium) => ({ providerOptions: { here: { sensorium } } });

await check('chat.text', async () => {
  const { text, finishReason, usage } = await ask({ prompt: capital });
  assert.match(text, /Paris/);
  assert.equal(finishReason, 'stop');
  assert.ok(usage.inputTokens > 5 && usage.outputTokens > 0);
  assert.equal(usage.totalTokens, usage.inputTokens + usage.outputTokens);
});

await check('chat.history', async () => {
  const { text } = await ask({
    instructions: 'You are a friendly assistant. You answer in one short sentence.',
    messages: [
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'Nice to meet you, Ada.' },
      { role: 'user', content: 'What is my name?' },
    ],
  });
  assert.match(text, /Ada/);
});

await check('chat.stream', async () => {
  const whole = await ask({ prompt: capital });
  const answer = stream({ prompt: capital });
  const pieces = [];
  for await (const piece of answer.textStream) pieces.push(piece);
  assert.ok(pieces.length > 2);
  assert.equal(pieces.join(''), whole.text);
  assert.equal(await answer.finishReason, 'stop');
  assert.equal((await answer.usage).outputTokens, whole.usage.outputTokens);
});

await check('chat.sensorium', async () => {
  const answer = await askWith([spokenQuestion], withOurs({ route: 'text', language: 'en', loss: 'report' }));
  assert.equal(ours(answer).plan[0].route, 'text');
  assert.match(ours(answer).perceptions[0].text, /capital of France/);
});

await check('chat.stream-sensorium', async () => {
  const answer = stream({
    messages: [{ role: 'user', content: [spokenQuestion] }],
    ...withOurs({ stream_events: true }),
  });
  assert.match(await answer.text, /Paris/);
  const { sensorium, events } = (await answer.providerMetadata).here;
  assert.equal(sensorium.plan[0].route, 'text');
  assert.ok(events.includes('plan-made') && events.includes('part-perceived'));
});

await check('chat.audio-in', async () => {
  assert.match((await askWith([spokenQuestion])).text, /Paris/);
});

await check('chat.several-parts', async () => {
  const said = { type: 'text', text: 'On which day is the meeting? The note says it.' };
  // This client puts text files into the text itself.
  const answer = await askWith([said, { type: 'file', data: note, mediaType: 'text/plain' }, redDot, spokenQuestion]);
  const { inputs, losses } = ours(answer).ledger;
  assert.equal(inputs.length, 2);
  assert.ok(inputs.every(({ fate }) => fate.length > 0));
  assert.ok(losses.some(({ kind }) => kind === 'not-described'));
  assert.match(answer.text, /Thursday/);
});

await check('chat.loss-forbidden', async () => {
  const content = [{ type: 'text', text: 'What is this?' }, redDot, spokenQuestion];
  const error = await refused(askWith(content, withOurs({ loss: 'forbid' })));
  assert.ok(APICallError.isInstance(error));
  assert.equal(error.statusCode, 422);
  assert.equal(JSON.parse(error.responseBody).error.sensorium.parts.length, 2);
});

await check('chat.json-schema', async () => {
  const schema = jsonSchema({
    type: 'object',
    properties: { city: { type: 'string' }, population: { type: 'integer' } },
    required: ['city', 'population'],
    additionalProperties: false,
  });
  const { output } = await ask({
    prompt: 'Name the capital of France and roughly how many people live there.',
    output: Output.object({ schema }),
    maxOutputTokens: 80,
  });
  assert.equal(typeof output.city, 'string');
  assert.ok(Number.isInteger(output.population));
});

await check('chat.stop', async () => {
  const prompt = 'Count from one to ten in words, with commas.';
  const free = (await ask({ prompt })).text;
  const word = /(\w+)\W*$/.exec(free)[1];
  const { text } = await ask({ prompt, stopSequences: [word] });
  assert.ok(!text.includes(word) && free.startsWith(text));
});

await check('chat.seed', async () => {
  const wild = { prompt: 'Invent a name for a ship and say why.', temperature: 1.5, seed: 7, maxOutputTokens: 24 };
  assert.equal((await ask(wild)).text, (await ask(wild)).text);
});

await check('chat.max-tokens', async () => {
  const { finishReason, usage } = await ask({ prompt: 'Tell me a long story about a fox.', maxOutputTokens: 8 });
  assert.equal(finishReason, 'length');
  assert.ok(usage.outputTokens <= 8);
});

const tools = {
  weather: tool({ description: weatherTool.description, inputSchema: jsonSchema(weatherTool.parameters) }),
};

await check('chat.tools', async () => {
  const answer = await ask({ prompt: 'What is the weather in Paris? Use the tool.', tools, maxOutputTokens: 80 });
  if (answer.toolCalls.length > 0) return;
  assert.ok(leftOut(answer, 'tools'), 'neither a call nor a word in the ledger');
});

await check('chat.logprobs', async () => {
  const answer = await ask({ prompt: capital, providerOptions: { here: { logprobs: true } } });
  assert.ok(
    answer.providerMetadata.here.logprobs || leftOut(answer, 'logprobs'),
    'neither numbers nor a word in the ledger',
  );
});

const mirror = here('house:mirror');

await check('chat.through', async () => {
  const answer = await ask({
    model: mirror,
    prompt: 'Hello there',
    temperature: 0.25,
    topP: 0.5,
    seed: 11,
    stopSequences: ['END'],
    frequencyPenalty: 0.5,
    presencePenalty: -0.5,
    maxOutputTokens: 33,
    providerOptions: { here: { user: 'someone', logit_bias: { 50256: -100 }, sensorium: { loss: 'report' } } },
  });
  const { max_tokens, max_completion_tokens, ...sent } = JSON.parse(answer.text);
  const options = {
    temperature: 0.25,
    top_p: 0.5,
    seed: 11,
    stop: ['END'],
    frequency_penalty: 0.5,
    presence_penalty: -0.5,
    user: 'someone',
    logit_bias: { 50256: -100 },
  };
  assert.deepEqual({ ...sent, ...options }, sent);
  assert.equal(max_tokens ?? max_completion_tokens, 33);
});

await check('chat.through-tools', async () => {
  const whole = await ask({ model: mirror, prompt: 'Weather?', tools });
  assert.equal(whole.finishReason, 'tool-calls');
  const [call] = whole.toolCalls;
  assert.deepEqual([call.toolName, call.input], ['weather', { city: 'Paris' }]);
  const streamed = stream({ model: mirror, prompt: 'Weather?', tools });
  assert.deepEqual((await streamed.toolCalls)[0].input, { city: 'Paris' });
  const output = { type: 'text', value: 'Rain.' };
  const last = await ask({
    model: mirror,
    tools,
    messages: [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: [call] },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: call.toolCallId, toolName: call.toolName, output }],
      },
    ],
  });
  const sent = JSON.parse(last.text).messages.at(-1);
  assert.deepEqual(sent, { role: 'tool', tool_call_id: call.toolCallId, content: 'Rain.' });
});

await check('chat.through-media', async () => {
  const { text } = await askWith([{ type: 'text', text: 'Listen.' }, spokenQuestion], { model: here('house:ears') });
  const sent = JSON.parse(text)
    .messages.at(-1)
    .content.find(({ type }) => type === 'input_audio');
  const data = question.toString('base64');
  assert.deepEqual(sent.input_audio, { data: `${data.slice(0, 16)}… ${data.length}`, format: 'wav' });
});

const short = { model: narrow(chatModel), prompt: 'Say hello.', maxOutputTokens: 5 };

/** A long answer that has begun, and the way to leave it. */
async function long() {
  const leave = new AbortController();
  const prompt = 'Write a very long story about a fox.';
  const answer = stream({ model: narrow(chatModel), prompt, maxOutputTokens: 500, abortSignal: leave.signal });
  for await (const _piece of answer.textStream) break;
  return leave;
}

await check('chat.abort', async () => {
  (await long()).abort();
  // Only when the place of the first is free again is there one for the second.
  assert.ok((await ask({ ...short, maxRetries: 4 })).text.length > 0);
});

const embed = async (more) =>
  (await embedMany({ model: here.embeddingModel('all-minilm-l6-v2'), values: texts, maxRetries: 0, ...more }))
    .embeddings;

await check('embed.float', async () => {
  const [dog, puppy, bank] = await embed();
  assert.equal(dog.length, 384);
  assert.ok(cosine(dog, puppy) > cosine(dog, bank) + 0.2);
});
await check('embed.dimensions', async () => {
  const [vector] = await embed({ providerOptions: { here: { dimensions: 64 } } });
  assert.equal(vector.length, 64);
});

const statusOf = async (promise) => {
  const error = await refused(promise);
  const last = RetryError.isInstance(error) ? error.lastError : error;
  assert.ok(APICallError.isInstance(last), `${last.name}: ${last.message}`);
  return { status: last.statusCode, error: last.data.error, headers: last.responseHeaders };
};

await check('errors.not-found', async () => {
  const { status, error } = await statusOf(ask({ model: here('no-such-model'), prompt: capital }));
  assert.deepEqual([status, error.code], [404, 'model_not_found']);
  assert.equal((await statusOf(embed({ model: here.embeddingModel('no-such-model') }))).status, 404);
});
await check('errors.bad-request', async () => {
  const { status, error } = await statusOf(ask({ prompt: capital, temperature: 9 }));
  assert.deepEqual([status, error.param], [400, 'temperature']);
});
await check('errors.key', async () => {
  const { status } = await statusOf(ask({ model: providerWith('sk-nobody')(chatModel), prompt: capital }));
  assert.equal(status, 401);
});
await check('errors.rate', async () => {
  const leave = await long();
  const { status, headers } = await statusOf(ask(short));
  leave.abort();
  assert.equal(status, 429);
  assert.ok(Number(headers['retry-after']) >= 1);
});
await check('errors.retry', async () => {
  await ask({ ...short, maxRetries: 4 });
  const leave = await long();
  setTimeout(() => leave.abort(), 300);
  assert.ok((await ask({ ...short, prompt: 'Say hello again.', maxRetries: 4 })).text.length > 0);
  return { retried: true };
});

cannot('the client has no such role', 'chat.developer');
cannot(
  'the client has no such call',
  ...['chat.spoken-wav', 'chat.spoken-mp3', 'chat.spoken-stream', 'chat.spoken-again', 'chat.through-logprobs'],
  ...['hear.json', 'hear.text', 'hear.verbose', 'hear.srt', 'hear.vtt', 'hear.logprobs', 'hear.stream', 'hear.prompt'],
  ...['translate.json', 'translate.text'],
  ...['speak.wav', 'speak.mp3', 'speak.opus', 'speak.flac', 'speak.pcm', 'speak.speed', 'speak.stream', 'speak.sse'],
  ...['voices.list', 'embed.base64', 'models.list', 'models.retrieve'],
);
