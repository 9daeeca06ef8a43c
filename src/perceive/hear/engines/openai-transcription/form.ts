/** What is known of a model by its name: which answers it gives, and what it can be told. */
export interface ModelKind {
  /** `words` come with times, `logprobs` with each token's probability, `text` alone. */
  readonly answers: 'words' | 'logprobs' | 'text';
  readonly takesPrompt: boolean;
  /** It refuses more than half a minute unless it may cut it itself. */
  readonly mayCut: boolean;
}

/** OpenAI’s table of formats (API description 2.3.0, 2026-08-21); everybody else's models are taken for Whisper's kin. */
export function kindOf(model: string): ModelKind {
  if (/diarize/.test(model)) return { answers: 'text', takesPrompt: false, mayCut: true };
  if (/^gpt-4o(?:-mini)?-transcribe/.test(model)) return { answers: 'logprobs', takesPrompt: true, mayCut: false };
  if (/^gpt-transcribe/.test(model)) return { answers: 'text', takesPrompt: true, mayCut: false };
  return { answers: 'words', takesPrompt: true, mayCut: false };
}

type Field = readonly [name: string, value: string];

/** The fields of a request beside the file, without those in `refused`. */
export function fieldsFor(
  model: string,
  { language, prompt }: { readonly language: string | undefined; readonly prompt: string | undefined },
  refused: ReadonlySet<string>,
): Field[] {
  const { answers, takesPrompt, mayCut } = kindOf(model);
  const words = answers === 'words' && !refused.has('response_format');
  const fields: (Field | false)[] = [
    ['model', model],
    ['response_format', words ? 'verbose_json' : 'json'],
    words && ['timestamp_granularities[]', 'word'],
    words && ['timestamp_granularities[]', 'segment'],
    answers === 'logprobs' && ['include[]', 'logprobs'],
    mayCut && ['chunking_strategy', 'auto'],
    language !== undefined && ['language', language.split('-', 1)[0] ?? language],
    prompt !== undefined && takesPrompt && ['prompt', prompt],
  ];
  return fields.filter(
    (field) => field !== false && (!refused.has(bare(field[0])) || field[0] === 'response_format'),
  ) as Field[];
}

/** `include[]` is `include` to those who speak of it. */
const bare = (name: string) => name.replace(/\[\]$/, '');

const REFUSING =
  /unsupported|not (?:yet )?(?:supported|allowed|permitted|compatible|implemented|available)|does ?n[o']t support|unknown|unexpected|invalid|only supports?|extra (?:field|input)|unrecogni[sz]ed|input should be|must be one of/i;

/** The field a refusal is about, so that the request may be sent again without it; `null` when it is about something else. */
export function refusedField(
  { message, param }: { readonly message: string; readonly param?: string | undefined },
  sent: readonly Field[],
): string | null {
  if (!REFUSING.test(message)) return null;
  const names = [...new Set(sent.map(([name]) => bare(name)))].filter((name) => name !== 'model');
  const named = names.find((name) => name === bare(param ?? '')) ?? names.find((name) => message.includes(name));
  const isVerbose = sent.some(([, value]) => value === 'verbose_json');
  if (named === undefined) return isVerbose && message.includes('verbose_json') ? 'response_format' : null;
  // The plainest form cannot be left out.
  return named === 'response_format' && !isVerbose ? null : named;
}

/** What is lost with a field, and what was done instead. */
export const LOST: Readonly<Record<string, { readonly option: string; readonly message: string }>> = {
  language: { option: 'language', message: 'The server cannot be told the language; it guessed.' },
  prompt: { option: 'prompt', message: 'The server cannot be told which words are likely.' },
  include: { option: 'probabilities', message: 'The server does not say how sure it is of each word.' },
  response_format: {
    option: 'word times',
    message: 'The server does not say when each word was said; that is reckoned.',
  },
  timestamp_granularities: {
    option: 'word times',
    message: 'The server does not say when each word was said; that is reckoned.',
  },
};
