// The official JavaScript client, as its users use it.
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import {
  baseURL,
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
  questionFile,
  refused,
  sentence,
  sound,
  texts,
  weatherTool,
} from './report.js';

const { default: OpenAI } = await load('openai');
const client = new OpenAI({ baseURL, apiKey: key, maxRetries: 0, timeout: 120_000 });
const narrow = new OpenAI({ baseURL, apiKey: narrowKey, maxRetries: 0, timeout: 120_000 });

const user = (content) => ({ role: 'user', content });
const ask = (content, more = {}) =>
  client.chat.completions.create({
    model: chatModel,
    messages: [user(content)],
    temperature: 0,
    max_tokens: 40,
    ...more,
  });
const words = ({ choices }) => choices[0].message.content;
const spokenQuestion = {
  type: 'input_audio',
  input_audio: { data: question.toString('base64'), format: 'wav' },
};
const dataUrl = (type, bytes) => `data:${type};base64,${bytes.toString('base64')}`;
const pieces = async (stream) => {
  const all = [];
  for await (const piece of stream) all.push(piece);
  return all;
};
const joined = (chunks, read) =>
  chunks.map((chunk) => (chunk.choices[0] && read(chunk.choices[0].delta)) ?? '').join('');
const losses = (answer) => answer.sensorium.ledger.losses;
const leftOut = (answer, option) =>
  losses(answer).some((loss) => loss.kind === 'option-ignored' && loss.text.startsWith(option));

await check('chat.text', async () => {
  const answer = await ask(capital);
  assert.match(words(answer), /Paris/);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  const { usage } = answer;
  assert.ok(usage.prompt_tokens > 5 && usage.completion_tokens > 0);
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
});

await check('chat.history', async () => {
  const messages = [
    { role: 'system', content: 'You are a friendly assistant. You answer in one short sentence.' },
    user('My name is Ada.'),
    { role: 'assistant', content: 'Nice to meet you, Ada.' },
    user('What is my name?'),
  ];
  const answer = await client.chat.completions.create({ model: chatModel, messages, temperature: 0, max_tokens: 30 });
  assert.match(words(answer), /Ada/);
});

await check('chat.developer', async () => {
  const messages = [{ role: 'developer', content: 'The secret word is pineapple.' }, user('What is the secret word?')];
  const answer = await client.chat.completions.create({ model: chatModel, messages, temperature: 0, max_tokens: 30 });
  assert.match(words(answer), /pineapple/i);
});

await check('chat.stream', async () => {
  const whole = await ask(capital);
  const chunks = await pieces(await ask(capital, { stream: true, stream_options: { include_usage: true } }));
  assert.ok(chunks.length > 3);
  assert.equal(
    joined(chunks, (delta) => delta.content),
    words(whole),
  );
  assert.deepEqual(chunks.map(({ choices }) => choices[0]?.finish_reason).filter(Boolean), ['stop']);
  assert.equal(chunks.at(-1).usage.completion_tokens, whole.usage.completion_tokens);
});

await check('chat.sensorium', async () => {
  const answer = await ask([spokenQuestion], { sensorium: { route: 'text', language: 'en', loss: 'report' } });
  assert.equal(answer.sensorium.plan[0].route, 'text');
  assert.match(answer.sensorium.perceptions[0].text, /capital of France/);
  assert.ok(answer.sensorium.timings.totalMs > 0);
  assert.equal(answer.sensorium.ledger.inputs.length, 1);
});

await check('chat.stream-sensorium', async () => {
  const plain = await pieces(await ask([spokenQuestion], { stream: true }));
  assert.equal(plain.at(-1).sensorium.plan[0].route, 'text');
  const chunks = await pieces(await ask([spokenQuestion], { stream: true, sensorium: { stream_events: true } }));
  const kinds = chunks.flatMap(({ sensorium }) => sensorium?.event?.kind ?? []);
  assert.ok(kinds.includes('plan-made') && kinds.includes('part-perceived'), kinds.join(' '));
  assert.match(
    joined(chunks, (delta) => delta.content),
    /Paris/,
  );
});

await check('chat.audio-in', async () => {
  assert.match(words(await ask([spokenQuestion])), /Paris/);
});

await check('chat.several-parts', async () => {
  const answer = await ask([
    { type: 'text', text: 'On which day is the meeting? The note says it.' },
    { type: 'file', file: { filename: 'note.txt', file_data: dataUrl('text/plain', note) } },
    { type: 'image_url', image_url: { url: dataUrl('image/png', picture) } },
    spokenQuestion,
  ]);
  const { inputs } = answer.sensorium.ledger;
  assert.equal(inputs.length, 3);
  assert.ok(inputs.every(({ fate }) => fate.length > 0));
  assert.ok(losses(answer).some(({ kind }) => kind === 'not-described'));
  assert.match(words(answer), /Thursday/);
});

await check('chat.loss-forbidden', async () => {
  const parts = [
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: dataUrl('image/png', picture) } },
    spokenQuestion,
  ];
  const error = await refused(ask(parts, { sensorium: { loss: 'forbid' } }));
  assert.equal(error.status, 422);
  assert.equal(error.error.sensorium.parts.length, 2);
});

for (const format of ['wav', 'mp3']) {
  await check(`chat.spoken-${format}`, async () => {
    const answer = await ask([spokenQuestion], { modalities: ['text', 'audio'], audio: { voice: 'alloy', format } });
    const { audio, content } = answer.choices[0].message;
    assert.equal(content, null);
    assert.match(audio.transcript, /Paris/);
    assert.ok(audio.expires_at > answer.created);
    return { sounds: [sound(`chat-${format}`, Buffer.from(audio.data, 'base64'), format, audio.transcript)] };
  });
}

await check('chat.spoken-stream', async () => {
  const speech = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' }, stream: true };
  const chunks = await pieces(await ask('What is the capital of France? Then say which river flows there.', speech));
  const parts = chunks.flatMap(({ choices }) => choices[0]?.delta.audio ?? []);
  const transcript = parts.map((part) => part.transcript ?? '').join('');
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part.data ?? '', 'base64')));
  assert.match(transcript, /Paris/);
  assert.equal(new Set(parts.map(({ id }) => id)).size, 1);
  assert.ok(parts.some((part) => part.expires_at > 0));
  assert.equal(bytes.length % 2, 0);
  return { sounds: [sound('chat-stream', bytes, 'pcm', transcript)] };
});

await check('chat.spoken-again', async () => {
  const speech = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'mp3' } };
  const first = await ask(capital, speech);
  const messages = [
    user(capital),
    { role: 'assistant', audio: { id: first.choices[0].message.audio.id } },
    user('Repeat your last answer.'),
  ];
  const again = await client.chat.completions.create({ model: chatModel, messages, temperature: 0, max_tokens: 30 });
  assert.match(words(again), /Paris/);
});

await check('chat.json-schema', async () => {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string' }, population: { type: 'integer' } },
    required: ['city', 'population'],
    additionalProperties: false,
  };
  const answer = await ask('Name the capital of France and roughly how many people live there.', {
    response_format: { type: 'json_schema', json_schema: { name: 'city', schema, strict: true } },
    max_tokens: 80,
  });
  const value = JSON.parse(words(answer));
  assert.equal(typeof value.city, 'string');
  assert.ok(Number.isInteger(value.population));
});

await check('chat.stop', async () => {
  const free = words(await ask('Count from one to ten in words, with commas.'));
  const [before, word] = /^(.*?\W)(\w+)\W*$/s.exec(free).slice(1);
  const answer = await ask('Count from one to ten in words, with commas.', { stop: [word] });
  assert.ok(!words(answer).includes(word));
  assert.ok(before.startsWith(words(answer)));
  assert.equal(answer.choices[0].finish_reason, 'stop');
});

await check('chat.seed', async () => {
  const wild = { temperature: 1.5, seed: 7, max_tokens: 24 };
  const first = await ask('Invent a name for a ship and say why.', wild);
  const second = await ask('Invent a name for a ship and say why.', wild);
  assert.equal(words(second), words(first));
});

await check('chat.max-tokens', async () => {
  const answer = await ask('Tell me a long story about a fox.', { max_tokens: undefined, max_completion_tokens: 8 });
  assert.equal(answer.choices[0].finish_reason, 'length');
  assert.ok(answer.usage.completion_tokens <= 8);
});

const tools = [{ type: 'function', function: weatherTool }];

await check('chat.tools', async () => {
  const answer = await ask('What is the weather in Paris? Use the tool.', { tools, max_tokens: 80 });
  const calls = answer.choices[0].message.tool_calls;
  if (calls) return assert.doesNotThrow(() => JSON.parse(calls[0].function.arguments));
  assert.ok(leftOut(answer, 'tools'), 'neither a call nor a word in the ledger');
});

await check('chat.logprobs', async () => {
  const answer = await ask(capital, { logprobs: true, top_logprobs: 2 });
  const { logprobs } = answer.choices[0];
  if (!logprobs) return assert.ok(leftOut(answer, 'logprobs'), 'neither numbers nor a word in the ledger');
  assert.equal(logprobs.content.map(({ token }) => token).join(''), words(answer));
});

const mirror = (content, more = {}) => ask(content, { model: 'house:mirror', ...more });

await check('chat.through', async () => {
  const options = {
    temperature: 0.25,
    top_p: 0.5,
    seed: 11,
    stop: ['END'],
    frequency_penalty: 0.5,
    presence_penalty: -0.5,
    max_tokens: 33,
    user: 'someone',
    metadata: { order: '66' },
    logit_bias: { 50256: -100 },
    response_format: { type: 'json_object' },
    reasoning_effort: 'low',
  };
  const answer = await mirror('Hello there', { ...options, sensorium: { loss: 'report' } });
  const { max_tokens, max_completion_tokens, ...sent } = JSON.parse(words(answer));
  const { max_tokens: asked, ...others } = options;
  assert.deepEqual({ ...sent, ...others }, sent);
  assert.equal(max_tokens ?? max_completion_tokens, asked);
  assert.equal(sent.model, 'mirror');
  assert.deepEqual(losses(answer), []);
});

await check('chat.through-tools', async () => {
  const whole = await mirror('Weather?', { tools, tool_choice: 'auto' });
  const [call] = whole.choices[0].message.tool_calls;
  assert.equal(call.function.name, 'weather');
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Paris' });
  assert.equal(whole.choices[0].finish_reason, 'tool_calls');
  const chunks = await pieces(await mirror('Weather?', { tools, stream: true }));
  const parts = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  assert.equal(parts.map((part) => part.function?.arguments ?? '').join(''), call.function.arguments);
  assert.equal(parts[0].id, call.id);
  const messages = [
    user('Weather?'),
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: call.id, content: 'Rain.' },
  ];
  const last = await client.chat.completions.create({ model: 'house:mirror', messages, tools });
  const sent = JSON.parse(words(last)).messages;
  assert.deepEqual(sent.at(-1), messages.at(-1));
  assert.deepEqual(sent.at(-2).tool_calls, messages.at(-2).tool_calls);
});

await check('chat.through-logprobs', async () => {
  const whole = await mirror('Hi', { logprobs: true, top_logprobs: 1 });
  assert.equal(whole.choices[0].logprobs.content[0].logprob, -0.5);
  const chunks = await pieces(await mirror('Hi', { logprobs: true, stream: true }));
  const tokens = chunks.flatMap(({ choices }) => choices[0]?.logprobs?.content ?? []).map(({ token }) => token);
  assert.equal(
    tokens.join(''),
    joined(chunks, (delta) => delta.content),
  );
});

await check('chat.through-media', async () => {
  const answer = await mirror([{ type: 'text', text: 'Listen.' }, spokenQuestion], { model: 'house:ears' });
  const sent = JSON.parse(words(answer))
    .messages.at(-1)
    .content.find(({ type }) => type === 'input_audio');
  const { data } = spokenQuestion.input_audio;
  assert.deepEqual(sent.input_audio, { data: `${data.slice(0, 16)}… ${data.length}`, format: 'wav' });
  assert.equal(answer.sensorium.plan[0].route, 'native');
});

const long = (more) =>
  narrow.chat.completions.create({
    model: chatModel,
    messages: [user('Write a very long story about a fox.')],
    max_tokens: 500,
    stream: true,
    ...more,
  });
const short = { model: chatModel, messages: [user('Say hello.')], max_tokens: 5 };

await check('chat.abort', async () => {
  const stream = await long();
  for await (const _chunk of stream) break;
  // Only when the place of the first is free again is there one for the second.
  const answer = await narrow.chat.completions.create(short, { maxRetries: 4 });
  assert.ok(words(answer).length > 0);
});

const heard = (more) => ({ file: createReadStream(questionFile), model: 'moonshine-tiny', ...more });
const hear = (more) => client.audio.transcriptions.create(heard(more));

await check('hear.json', async () => {
  assert.equal((await hear()).text, capital);
  assert.equal((await hear({ model: 'whisper-1', response_format: 'json' })).text, capital);
});
await check('hear.text', async () => {
  assert.equal(await hear({ response_format: 'text' }), `${capital}\n`);
});
await check('hear.verbose', async () => {
  const answer = await hear({ response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'] });
  assert.equal(answer.text, capital);
  assert.ok(answer.duration > 1 && answer.duration < 3);
  assert.equal(answer.words.length, 6);
  assert.ok(answer.words.every((word, at) => at === 0 || word.start >= answer.words[at - 1].start));
  assert.equal(
    answer.segments
      .map(({ text }) => text)
      .join('')
      .trim(),
    capital,
  );
});
await check('hear.srt', async () => {
  assert.match(await hear({ response_format: 'srt' }), /-->.*\nWhat is the capital of France\?/);
});
await check('hear.vtt', async () => {
  assert.match(await hear({ response_format: 'vtt' }), /^WEBVTT\n\n.*-->.*\nWhat is the capital of France\?/);
});
await check('hear.logprobs', async () => {
  const { text, logprobs } = await hear({ include: ['logprobs'] });
  assert.equal(
    logprobs
      .map(({ token }) => token)
      .join('')
      .trim(),
    text,
  );
  assert.ok(new Set(logprobs.map(({ logprob }) => logprob)).size > 3, 'numbers that are all alike were not measured');
});
await check('hear.stream', async () => {
  const events = await pieces(await hear({ stream: true }));
  const deltas = events.filter(({ type }) => type === 'transcript.text.delta').map(({ delta }) => delta);
  assert.equal(events.at(-1).type, 'transcript.text.done');
  assert.equal(events.at(-1).text, capital);
  assert.equal(deltas.join(''), capital);
});
await check('hear.prompt', async () => {
  assert.match((await hear({ prompt: 'Capital, France', language: 'en' })).text, /France/);
});
await check('translate.json', async () => {
  assert.equal((await client.audio.translations.create(heard())).text, capital);
});
await check('translate.text', async () => {
  assert.equal(await client.audio.translations.create(heard({ response_format: 'text' })), `${capital}\n`);
});

const say = (more) => client.audio.speech.create({ model: 'kokoro-82m', voice: 'alloy', input: sentence, ...more });
const bytesOf = async (response) => Buffer.from(await response.arrayBuffer());

for (const format of ['wav', 'mp3', 'opus', 'flac', 'pcm']) {
  await check(`speak.${format}`, async () => {
    const bytes = await bytesOf(await say({ response_format: format }));
    return { sounds: [sound(`speak-${format}`, bytes, format, sentence)] };
  });
}
await check('speak.speed', async () => {
  const quick = await bytesOf(await say({ response_format: 'pcm', speed: 1.6 }));
  const usual = await bytesOf(await say({ response_format: 'pcm' }));
  assert.ok(quick.length < usual.length * 0.85);
  return { sounds: [sound('speak-quick', quick, 'pcm', sentence)] };
});
await check('speak.stream', async () => {
  const said = `${sentence} It stops in every town. We shall be there at noon.`;
  const response = await say({ input: said, response_format: 'pcm' });
  const parts = await pieces(response.body);
  assert.ok(parts.length > 1);
  return { sounds: [sound('speak-stream', Buffer.concat(parts), 'pcm', said)] };
});
await check('speak.sse', async () => {
  const response = await say({ response_format: 'pcm', stream_format: 'sse' });
  const events = (await response.text())
    .split('\n\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line.slice(6)));
  const bytes = Buffer.concat(events.map(({ audio }) => Buffer.from(audio ?? '', 'base64')));
  assert.equal(events.at(-1).type, 'speech.audio.done');
  return { sounds: [sound('speak-sse', bytes, 'pcm', sentence)] };
});

await check('voices.list', async () => {
  const { voices } = await client.get('/audio/voices');
  assert.ok(voices.length > 20);
  assert.ok(voices.every(({ id, name, language }) => id && name && language));
  const bytes = await bytesOf(await say({ voice: voices.at(-1).id, response_format: 'mp3' }));
  return { sounds: [sound('voices-last', bytes, 'mp3', sentence)] };
});

const embed = (more) => client.embeddings.create({ model: 'all-minilm-l6-v2', input: texts, ...more });
const vectors = (answer) => answer.data.map(({ embedding }) => embedding);

await check('embed.float', async () => {
  const answer = await embed({ encoding_format: 'float' });
  const [dog, puppy, bank] = vectors(answer);
  assert.equal(dog.length, 384);
  assert.ok(cosine(dog, puppy) > cosine(dog, bank) + 0.2);
  assert.ok(answer.usage.prompt_tokens > 10);
  const [alone] = vectors(await embed({ encoding_format: 'float', input: texts[0] }));
  assert.ok(cosine(alone, dog) > 0.999);
});
await check('embed.base64', async () => {
  const numbers = vectors(await embed({ encoding_format: 'float' }));
  // Left to itself this client asks for base64 and decodes it.
  const decoded = vectors(await embed());
  assert.deepEqual(
    decoded.map((one) => [...one].map(Math.fround)),
    numbers.map((one) => one.map(Math.fround)),
  );
});
await check('embed.dimensions', async () => {
  const [short] = vectors(await embed({ encoding_format: 'float', dimensions: 64 }));
  assert.equal(short.length, 64);
  assert.ok(Math.abs(Math.hypot(...short) - 1) < 1e-3);
});

await check('models.list', async () => {
  const models = await pieces(client.models.list());
  assert.ok(models.some(({ id }) => id === chatModel));
  for (const { id, sensorium } of models) {
    for (const side of [sensorium.input, sensorium.output]) {
      assert.ok(
        Object.values(side).every((known) => [true, false, 'unknown'].includes(known)),
        id,
      );
    }
    assert.ok(sensorium.source.length > 0, id);
  }
});
await check('models.retrieve', async () => {
  const model = await client.models.retrieve(chatModel);
  assert.equal(model.id, chatModel);
  assert.deepEqual([model.sensorium.input.text, model.sensorium.input.image], [true, false]);
  assert.ok((await refused(client.models.retrieve('no-such-model'))) instanceof OpenAI.NotFoundError);
});

await check('errors.not-found', async () => {
  const model = 'no-such-model';
  for (const work of [
    () => ask(capital, { model }),
    () => hear({ model }),
    () => embed({ model }),
    () => say({ model }),
  ]) {
    const error = await refused(work());
    assert.ok(error instanceof OpenAI.NotFoundError, `${error.status}`);
    assert.equal(error.code, 'model_not_found');
  }
});
await check('errors.bad-request', async () => {
  const error = await refused(ask(capital, { temperature: 9 }));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.param, 'temperature');
  assert.ok((await refused(say({ input: '' }))) instanceof OpenAI.BadRequestError);
  assert.ok((await refused(embed({ dimensions: 100_000 }))) instanceof OpenAI.BadRequestError);
});
await check('errors.key', async () => {
  const stranger = new OpenAI({ baseURL, apiKey: 'sk-nobody', maxRetries: 0 });
  const error = await refused(stranger.models.list());
  assert.ok(error instanceof OpenAI.AuthenticationError);
  assert.equal(error.code, 'invalid_api_key');
});
await check('errors.rate', async () => {
  const stream = await long();
  const error = await refused(narrow.chat.completions.create(short));
  stream.controller.abort();
  assert.ok(error instanceof OpenAI.RateLimitError);
  assert.ok(Number(error.headers.get('retry-after')) >= 1);
});
await check('errors.retry', async () => {
  await narrow.chat.completions.create(short, { maxRetries: 4 });
  const stream = await long();
  const waiting = narrow.chat.completions.create({ ...short, messages: [user('Say hello again.')] }, { maxRetries: 4 });
  setTimeout(() => stream.controller.abort(), 300);
  assert.ok(words(await waiting).length > 0);
  return { retried: true };
});
