import fc from 'fast-check';
import type { Known } from '#contract/capabilities.ts';
import type { MediaKind } from '#contract/media.ts';
import { base64Of, GOOD, type Sample } from './samples.ts';
import { SECRETS } from './secrets.ts';

/** What goes wrong, named by the stage it happens in. */
export const FAILURES = [
  'none',
  'media: disk full',
  'media: no decoder',
  'media: raw error',
  'media: too large',
  'media: too long',
  'media: time out',
  'probe: no detector',
  'probe: raw error',
  'probe: sound breaks',
  'probe: time out',
  'perceive: no recogniser',
  'perceive: raw error',
  'perceive: process died',
  'perceive: gives nothing',
  'perceive: invents',
  'perceive: goes round',
  'perceive: doubts',
  'perceive: time out',
  'ask: no weights',
  'ask: warming fails',
  'ask: unknown model',
  'ask: raw error',
  'ask: process died',
  'ask: no answer',
  'ask: cancelled',
  'ask: time out',
  'ask: upstream 401',
  'ask: upstream 429',
  'ask: upstream 400',
  'ask: upstream cut',
  'ask: upstream error in stream',
  'ask: upstream refuses an option',
  'speak: no engine',
  'speak: dies at once',
  'speak: dies later',
  'speak: raw error',
  'speak: nothing to say',
  'speak: cannot pronounce',
  'speak: time out',
  'gone: at once',
  'gone: media-taken',
  'gone: plan-made',
  'gone: text-delta',
  'gone: speech-chunk',
] as const;
export type Failure = (typeof FAILURES)[number];

type Carrier = 'input_audio' | 'image_url' | 'video_url' | 'audio_url' | 'file';
type Fault = 'bad base64' | 'refused address' | 'refused scheme' | 'not found' | 'never answers' | 'file id' | 'blank';

/** One part of a message. `served` is fetched over HTTP, the rest comes along in the request. */
export type PartSpec =
  | { readonly kind: 'text'; readonly words: string }
  | {
      readonly kind: 'media';
      readonly carrier: Carrier;
      readonly content: Sample | Fault;
      readonly served: boolean;
      readonly large: boolean;
    }
  | { readonly kind: 'unknown type' };

export interface MessageSpec {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly name: string | undefined;
  readonly parts: readonly PartSpec[];
}

/** One request and the world it meets. */
export interface Case {
  readonly messages: readonly MessageSpec[];
  readonly model: {
    readonly takes: Readonly<Record<MediaKind, Known>>;
    readonly embeddings: Known;
    readonly accepts: boolean | 'missing';
    /** Behind a server that speaks OpenAI's API, through the real dialect. */
    readonly upstream: boolean;
  };
  readonly sensorium: Readonly<Record<string, unknown>> | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly stream: boolean;
  /** Marks messages with a field that other APIs have. */
  readonly marked: boolean;
  /** Asks for padding in a stream, which this server does not do. */
  readonly obfuscated: boolean;
  readonly spoken: { readonly voice: string; readonly format: string } | null;
  readonly failure: Failure;
  /** Lets addresses on this machine be fetched. */
  readonly allowPrivateHosts: boolean;
}

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const sometimes = <T>(value: fc.Arbitrary<T>, weight: number) =>
  fc.oneof({ weight: 100 - weight, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });

const goodSample = fc.oneof(
  { weight: 3, arbitrary: oneOf<Sample>('voice') },
  { weight: 6, arbitrary: fc.constantFrom(...(Object.keys(GOOD) as (keyof typeof GOOD)[])) },
);
const badContent = oneOf<Sample | Fault>(
  'blank',
  'garbage',
  'archive',
  'headless',
  'soundless',
  'nothing',
  'bad base64',
  'refused address',
  'refused scheme',
  'not found',
  'never answers',
  'file id',
);
const carrier = oneOf<Carrier>('input_audio', 'image_url', 'video_url', 'audio_url', 'file');
const media = fc.record({
  kind: fc.constant('media' as const),
  carrier,
  content: goodSample,
  served: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
  large: fc.integer({ min: 0, max: 199 }).map((n) => n === 0),
});
const words = fc.record({
  kind: fc.constant('text' as const),
  words: oneOf(`What is this ${SECRETS.prompt}?`, `Say more, ${SECRETS.prompt}.`, '', '你好，这是什么？'),
});
const part = fc.oneof({ weight: 3, arbitrary: media }, { weight: 2, arbitrary: words });
const message = fc.record({
  role: fc.oneof(
    { weight: 6, arbitrary: oneOf('user' as const) },
    { weight: 2, arbitrary: oneOf('system' as const, 'developer' as const, 'assistant' as const, 'tool' as const) },
  ),
  name: sometimes(fc.constant('Ada'), 5),
  parts: fc.oneof(
    { weight: 5, arbitrary: fc.array(part, { maxLength: 2 }) },
    { weight: 1, arbitrary: fc.array(part, { maxLength: 5 }) },
  ),
});

/** Without words from the user at the end many a conversation asks nothing. */
const CLOSING: MessageSpec = {
  role: 'user',
  name: undefined,
  parts: [{ kind: 'text', words: `So what is it, ${SECRETS.prompt}?` }],
};

/** Most requests hold only what can be taken; in some, one part is spoilt. */
const messages = fc
  .tuple(
    fc.array(message, { minLength: 1, maxLength: 3 }),
    sometimes(
      fc.tuple(fc.nat(), fc.oneof({ weight: 12, arbitrary: badContent }, { weight: 1, arbitrary: fc.constant(null) })),
      12,
    ),
    sometimes(fc.constant(CLOSING), 85),
  )
  .map(([some, spoil, closing]) => {
    const all = closing === undefined ? some : [...some, closing];
    const places = all.flatMap(({ parts }, at) =>
      parts.flatMap(({ kind }, index) => (kind === 'media' ? [[at, index]] : [])),
    );
    const place = spoil && places[spoil[0] % Math.max(1, places.length)];
    if (!spoil || !place) return all;
    const [, content] = spoil;
    return all.map((one, at) => ({
      ...one,
      parts: one.parts.map((old, index): PartSpec => {
        if (at !== place[0] || index !== place[1] || old.kind !== 'media') return old;
        return content === null ? { kind: 'unknown type' } : { ...old, content, served: false };
      }),
    }));
  });

const known = oneOf<Known>(true, true, false, 'unknown');
const model = fc.record({
  takes: fc.record({ text: fc.constant(true), audio: known, image: known, video: known, document: known }),
  embeddings: oneOf<Known>(true, false, 'unknown'),
  accepts: oneOf<boolean | 'missing'>(true, true, false, 'missing'),
  upstream: oneOf(true, false, false),
});

const sensorium = fc.record(
  {
    route: fc.oneof(
      { weight: 4, arbitrary: oneOf('auto') },
      { weight: 3, arbitrary: oneOf('native', 'text', 'embedding') },
    ),
    policy: oneOf('prefer', 'prefer', 'prefer', 'require'),
    loss: oneOf('report', 'report', 'forbid'),
    language: oneOf('en', 'en-GB', 'en', 'en', 'zh'),
    stream_events: fc.boolean(),
  },
  { requiredKeys: [] },
);

const TOOL = { type: 'function', function: { name: 'sing', parameters: { type: 'object' } } };
/** Options by their names in OpenAI's API, with values to ask for. */
const OPTIONS = {
  temperature: oneOf(0, 0.7),
  top_p: fc.constant(0.9),
  seed: fc.constant(7),
  stop: oneOf<unknown>('never said', ['never said']),
  frequency_penalty: fc.constant(0.5),
  presence_penalty: fc.constant(-0.5),
  max_tokens: oneOf(3, 500),
  max_completion_tokens: fc.constant(400),
  logprobs: fc.constant(true),
  top_logprobs: oneOf(0, 0, 2),
  tools: fc.constant([TOOL]),
  tool_choice: oneOf<unknown>('auto', 'none', 'required', { type: 'function', function: { name: 'sing' } }),
  response_format: oneOf<unknown>(
    { type: 'text' },
    { type: 'json_object' },
    { type: 'json_schema', json_schema: { name: 'colour', schema: { type: 'object' } } },
  ),
  n: oneOf(1, 1, 1, 1, 1, 1, 2),
  user: fc.constant('somebody'),
  top_k: fc.constant(40),
  logit_bias: fc.constant({ 17: 3 }),
  parallel_tool_calls: fc.constant(false),
} as const satisfies Record<string, fc.Arbitrary<unknown>>;

const options = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.uniqueArray(fc.constantFrom(...(Object.keys(OPTIONS) as (keyof typeof OPTIONS)[])), { maxLength: 3 }))
      .chain(([names]) => fc.record(Object.fromEntries(names.map((name) => [name, OPTIONS[name]])))),
  },
) as fc.Arbitrary<Record<string, unknown>>;

const spoken = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  {
    weight: 2,
    arbitrary: fc.record({
      voice: oneOf(...Array<string>(12).fill('heart'), 'coral', 'coral', 'nobody'),
      format: oneOf(...Array<string>(30).fill('pcm16'), 'wav'),
    }),
  },
);

/** Requests of every shape with what can happen to them. Half meet no failure of the stages. */
export const casesOf = (stream: boolean): fc.Arbitrary<Case> =>
  fc.record({
    messages,
    model,
    sensorium: sometimes(sensorium, 50),
    options,
    stream: fc.constant(stream),
    marked: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
    obfuscated: fc.integer({ min: 0, max: 19 }).map((n) => stream && n === 0),
    spoken,
    failure: fc.oneof(
      { weight: 1, arbitrary: fc.constant<Failure>('none') },
      { weight: 1, arbitrary: fc.constantFrom(...FAILURES) },
    ),
    allowPrivateHosts: fc.boolean(),
  });

/** The media parts of a request in their order. */
export function mediaIn(one: Case): (PartSpec & { kind: 'media' })[] {
  return one.messages.flatMap(({ parts }) => parts.filter((part) => part.kind === 'media'));
}

/** The request as a client writes it. `hosts` says where things are fetched from. */
export function bodyOf(one: Case, served: string): Record<string, unknown> {
  let number = 0;
  const messages = one.messages.map(({ role, name, parts }) => ({
    role,
    ...(name === undefined ? {} : { name }),
    ...(one.marked ? { cache_control: { type: 'ephemeral' } } : {}),
    ...(role === 'tool' ? { tool_call_id: 'call_1' } : {}),
    content: parts.map((part) => {
      if (part.kind === 'text') return { type: 'text', text: part.words };
      if (part.kind === 'unknown type') return { type: 'smell', smell: { data: SECRETS.media } };
      return wirePart(part, ++number, one, served);
    }),
  }));
  const { spoken, stream, options, sensorium, obfuscated } = one;
  return {
    ...(one.failure === 'ask: unknown model' ? { model: 'no-such-model' } : {}),
    messages,
    ...(stream
      ? { stream, stream_options: { include_usage: true, ...(obfuscated ? { include_obfuscation: true } : {}) } }
      : {}),
    ...(spoken ? { modalities: ['text', 'audio'], audio: spoken } : {}),
    ...options,
    ...(sensorium === undefined ? {} : { sensorium }),
  };
}

function wirePart(part: PartSpec & { kind: 'media' }, number: number, one: Case, served: string): object {
  const { carrier } = part;
  if (carrier === 'file' && part.content === 'file id') return { type: 'file', file: { file_id: 'file-1' } };
  const text = mediumOf(part, number, one, served);
  switch (carrier) {
    case 'input_audio':
      return { type: carrier, input_audio: { data: text, format: 'wav' } };
    case 'file':
      return { type: carrier, file: { file_data: text, filename: 'mine.bin' } };
    case 'image_url':
      return { type: carrier, image_url: number % 2 === 0 ? text : { url: text, detail: 'high' } };
    default:
      return { type: carrier, [carrier]: { url: text } };
  }
}

function mediumOf(
  { content, ...part }: PartSpec & { kind: 'media' },
  number: number,
  one: Case,
  served: string,
): string {
  const token = `token=${SECRETS.url}`;
  switch (content) {
    case 'blank':
    case 'file id':
      return ' ';
    case 'bad base64':
      return `data:audio/wav;base64,*${SECRETS.media}*`;
    case 'refused address':
      return one.allowPrivateHosts ? `http://127.0.0.1:9/?${token}` : `http://169.254.169.254/latest?${token}`;
    case 'refused scheme':
      return `ftp://example.com/?${token}`;
    case 'not found':
      return `${served}/not-there?${token}`;
    case 'never answers':
      return `${served}/never?${token}`;
    default: {
      if (part.served) return `${served}/${content}/${number}?${token}`;
      const base64 = base64Of(content, number);
      // Long bodies are read on another way: their media go to disk while they arrive.
      const long = part.large ? `${base64}${' '.repeat(300_000)}` : base64;
      return number % 3 === 0 ? long : `data:application/octet-stream;base64,${long}`;
    }
  }
}
