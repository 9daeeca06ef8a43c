import { existsSync, readFileSync } from 'node:fs';
import { scoringWords } from '../../test/word-errors.ts';
import { events, good, must, postForm, postJson, same } from './exchange.ts';
import type { Target, Task } from './task.ts';

/** Each has one right answer, so that answers which went to another’s request are seen. */
const QUESTIONS: readonly (readonly [string, RegExp])[] = [
  ['What is the capital of France?', /Paris/],
  ['What is the capital of Germany?', /Berlin/],
  ['What is the capital of Japan?', /Tokyo/],
  ['What is the capital of Italy?', /Rome/],
];
const SENTENCES = [
  'Good morning to you all.',
  'The ferry leaves at nine. Please be on board ten minutes before.',
  'It rained all night, and the river has risen by a foot.',
];
const FORMATS = ['wav', 'mp3', 'opus', 'aac', 'flac', 'pcm'] as const;
const MAGIC: Readonly<Record<(typeof FORMATS)[number], RegExp>> = {
  wav: /^RIFF....WAVE/s,
  mp3: /^(ID3|\xff[\xe2-\xff])/s,
  opus: /^OggS/s,
  aac: /^\xff[\xf0-\xff]/s,
  flac: /^fLaC/s,
  pcm: /^/s,
};
const PCM_BYTES_PER_SECOND = 48_000;

interface Recording {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly words: readonly string[];
}

/** The recordings that are heard, with words each transcript must hold. */
export function recordings(): readonly Recording[] {
  const here = (path: string) => new URL(path, import.meta.url);
  const known = [
    { name: 'question', path: here('../../examples/question.wav'), words: ['capital', 'france'] },
    { name: 'jfk', path: here('../../../shared/data/audio/en_jfk.wav'), words: ['americans', 'country', 'ask'] },
    {
      name: 'lj',
      path: here('../../../shared/data/audio/en_LJ001-0001.wav'),
      words: ['printing', 'arts', 'exhibition'],
    },
  ];
  return known
    .filter(({ path }) => existsSync(path))
    .map(({ name, path, words }) => ({ name, words, bytes: readFileSync(path) }));
}

const heardOnce = recordings();
const [spokenQuestion] = heardOnce;

const pick = <T>(target: Target, from: readonly T[]): T => from[Math.floor(target.random() * from.length)] as T;
const asked = (content: unknown, more: object) => ({
  messages: [{ role: 'user', content }],
  temperature: 0,
  max_tokens: 32,
  ...more,
});

interface Completion {
  readonly choices: readonly [
    { readonly message: { readonly content: string | null; readonly audio?: { data: string; transcript: string } } },
  ];
  readonly usage: { readonly completion_tokens: number };
}
interface Chunk {
  readonly choices: readonly {
    readonly delta: { readonly content?: string; readonly audio?: { data?: string; transcript?: string } };
    readonly finish_reason: string | null;
  }[];
}

/** Speech takes between an eighth and a fortieth of a second for each letter. */
function plausible(seconds: number, text: string): boolean {
  return seconds > text.length / 40 && seconds < text.length / 8 + 1;
}

const chatWhole: Task = {
  kind: 'chat',
  weight: 4,
  async run(target) {
    const [question, right] = pick(target, QUESTIONS);
    const reply = await good(await postJson(target, '/v1/chat/completions', asked(question, {})));
    const { choices, usage } = (await reply.json()) as Completion;
    must(right.test(choices[0].message.content ?? ''), `${question} – ${choices[0].message.content}`);
    must(usage.completion_tokens > 0, 'an answer without tokens');
  },
};

const chatStream: Task = {
  kind: 'chat stream',
  weight: 4,
  async run(target) {
    const [question, right] = pick(target, QUESTIONS);
    const reply = await postJson(target, '/v1/chat/completions', asked(question, { stream: true }));
    const chunks = await events<Chunk>(reply, '[DONE]');
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    must(right.test(text), `${question} – ${text}`);
  },
};

const chatHeard: Task = {
  kind: 'chat with a recording',
  weight: 2,
  async run(target) {
    const data = Buffer.from(spokenQuestion?.bytes ?? []).toString('base64');
    const part = { type: 'input_audio', input_audio: { data, format: 'wav' } };
    const reply = await good(await postJson(target, '/v1/chat/completions', asked([part], {})));
    const { choices } = (await reply.json()) as Completion;
    must(/Paris/.test(choices[0].message.content ?? ''), `the spoken question – ${choices[0].message.content}`);
  },
};

const spoken = (format: string) => ({ modalities: ['text', 'audio'], audio: { voice: 'heart', format } });

const chatSpoken: Task = {
  kind: 'spoken chat',
  weight: 1,
  async run(target) {
    const [question, right] = pick(target, QUESTIONS);
    const reply = await good(await postJson(target, '/v1/chat/completions', asked(question, spoken('wav'))));
    const { audio } = ((await reply.json()) as Completion).choices[0].message;
    must(audio !== undefined && right.test(audio.transcript), `${question} – spoken: ${audio?.transcript}`);
    const bytes = Buffer.from(audio?.data ?? '', 'base64');
    must(plausible(bytes.length / PCM_BYTES_PER_SECOND, audio?.transcript ?? ''), `${bytes.length} bytes of sound`);
  },
};

const chatSpokenStream: Task = {
  kind: 'spoken chat stream',
  weight: 1,
  async run(target) {
    const [question, right] = pick(target, QUESTIONS);
    const body = asked(question, { ...spoken('pcm16'), stream: true });
    const chunks = await events<Chunk>(await postJson(target, '/v1/chat/completions', body), '[DONE]');
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
    const said = deltas.map(({ audio }) => audio?.transcript ?? '').join('');
    const bytes = deltas.reduce((sum, { audio }) => sum + Buffer.byteLength(audio?.data ?? '', 'base64'), 0);
    must(right.test(said), `${question} – spoken: ${said}`);
    must(plausible(bytes / PCM_BYTES_PER_SECOND, said), `${bytes} bytes of sound for ${said.length} letters`);
  },
};

const twice: Task = {
  kind: 'chat sent twice at once',
  weight: 1,
  async run(target) {
    const [question, right] = pick(target, QUESTIONS);
    const headers = { 'idempotency-key': `soak-${target.random()}` };
    const send = async () =>
      (await good(await postJson(target, '/v1/chat/completions', asked(question, {}), headers))).text();
    const [one, other] = await Promise.allSettled([send(), send()]);
    for (const each of [one, other]) if (each.status === 'rejected') throw each.reason;
    must(one.status === 'fulfilled' && other.status === 'fulfilled' && one.value === other.value, 'two answers');
    must(one.status === 'fulfilled' && right.test(one.value), question);
  },
};

const transcription: Task = {
  kind: 'transcription',
  weight: 4,
  async run(target) {
    const { name, bytes, words } = pick(target, heardOnce);
    const format = pick(target, ['json', 'text', 'srt', 'vtt', 'verbose_json']);
    const reply = await good(await postForm(target, '/v1/audio/transcriptions', bytes, { response_format: format }));
    const raw = await reply.text();
    const text = format.endsWith('json') ? (JSON.parse(raw) as { text: string }).text : raw;
    const heard = new Set(scoringWords(text));
    must(
      words.every((word) => heard.has(word)),
      `${name} as ${format}: ${text}`,
    );
    if (format.endsWith('json')) same(target, `transcript of ${name}`, text, (a, b) => a === b);
    else same(target, `transcript of ${name} as ${format}`, text, (a, b) => a === b);
  },
};

const transcriptionStream: Task = {
  kind: 'transcription stream',
  weight: 2,
  async run(target) {
    const { name, bytes } = pick(target, heardOnce);
    const reply = await postForm(target, '/v1/audio/transcriptions', bytes, { stream: 'true' });
    const told = await events<{ type: string; delta?: string; text?: string }>(reply);
    const whole = told.at(-1)?.text ?? '';
    must(told.map(({ delta }) => delta ?? '').join('') === whole, `the pieces of ${name} do not make its text`);
    same(target, `transcript of ${name}`, whole, (a, b) => a === b);
  },
};

const speech: Task = {
  kind: 'speech',
  weight: 3,
  async run(target) {
    const input = pick(target, SENTENCES);
    const format = pick(target, FORMATS);
    const reply = await good(await postJson(target, '/v1/audio/speech', { input, response_format: format }));
    const bytes = Buffer.from(await reply.arrayBuffer());
    must(MAGIC[format].test(bytes.subarray(0, 16).toString('latin1')), `that is not ${format}`);
    const alike = (a: number, b: number) => Math.abs(a - b) <= 0.02 * a;
    same(target, `length of “${input}” as ${format}`, bytes.length, alike);
    if (format === 'pcm') must(plausible(bytes.length / PCM_BYTES_PER_SECOND, input), `${bytes.length} bytes of sound`);
  },
};

const speechEvents: Task = {
  kind: 'speech as events',
  weight: 1,
  async run(target) {
    const input = pick(target, SENTENCES);
    const body = { input, response_format: 'pcm', stream_format: 'sse' };
    const told = await events<{ type: string; audio?: string }>(await postJson(target, '/v1/audio/speech', body));
    must(told.at(-1)?.type === 'speech.audio.done', 'no end of the sound');
    const bytes = told.reduce((sum, { audio = '' }) => sum + Buffer.byteLength(audio, 'base64'), 0);
    must(plausible(bytes / PCM_BYTES_PER_SECOND, input), `${bytes} bytes of sound`);
  },
};

const embeddings: Task = {
  kind: 'embeddings',
  weight: 4,
  async run(target) {
    const encoding = pick(target, ['float', 'base64']);
    const body = { input: SENTENCES, encoding_format: encoding };
    const reply = await good(await postJson(target, '/v1/embeddings', body));
    const { data } = (await reply.json()) as { data: { embedding: number[] | string }[] };
    must(data.length === SENTENCES.length, `${data.length} vectors`);
    const vectors = data.map(({ embedding }) => (typeof embedding === 'string' ? numbersIn(embedding) : embedding));
    same(target, 'vectors', vectors, (a: number[][], b: number[][]) =>
      a.every((vector, row) => vector.every((value, at) => Math.abs(value - (b[row]?.[at] ?? 9)) < 1e-5)),
    );
  },
};

function numbersIn(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}

const lists: Task = {
  kind: 'lists',
  weight: 1,
  async run(target) {
    const path = pick(target, ['/v1/models', '/v1/audio/voices', '/openapi.json', '/healthz', '/readyz']);
    const reply = await good(await fetch(target.url + path, { signal: target.signal }));
    must(Object.keys((await reply.json()) as object).length > 0, `${path} is empty`);
  },
};

/** Everything that must be answered, and rightly. */
export const WORK: readonly Task[] = [
  chatWhole,
  chatStream,
  chatHeard,
  chatSpoken,
  chatSpokenStream,
  twice,
  transcription,
  transcriptionStream,
  speech,
  speechEvents,
  embeddings,
  lists,
];
