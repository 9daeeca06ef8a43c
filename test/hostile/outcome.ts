import { DEFAULTS } from '#config/schema.ts';
import { isSensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { Loss } from '#contract/loss.ts';
import { Perception, type TextLine, type Transcript } from '#contract/perception.ts';
import type { Reader, Recogniser } from '#contract/ports.ts';
import type { MediaInput } from '#media/index.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { fakeReader } from '#perceive/see/fake.ts';
import type { Parts } from '#pipeline/parts.ts';
import { type PerceiveRequest, perceiveOne } from '#pipeline/perceive-one.ts';
import { fakeVoiceDetector } from '#probe/fake.ts';
import { earsOnly } from '../parts.ts';

/** How one input ended. */
export interface Outcome {
  readonly perception: Perception | null;
  readonly losses: readonly Loss[];
  /** The error as it was thrown, whatever it is. */
  readonly error: unknown;
  readonly tookMs: number;
}

/** Seconds a stage may take here; whatever needs more is a finding. */
const STAGE_S = 60;

/** The real path with fakes for the models: they say what the examples need. */
export function hostileParts(
  more: Partial<Parts> = {},
  {
    recogniser = fakeRecogniser(['la', '啦']),
    reader = fakeReader('la 啦'),
  }: { recogniser?: Recogniser; reader?: Reader | null } = {},
): Parts {
  const nobody = () => Promise.reject(new Error('Nobody is here.'));
  const deaf = earsOnly('fake');
  return {
    ...deaf,
    senses: {
      hear: { ...deaf.senses.hear, tone: true },
      see: { reader: reader === null ? null : 'fake', describer: null },
      watch: { maxFrames: 4 },
    },
    taking: { limits: { maxPages: 500 }, allowPrivateHosts: false, offline: true },
    timeouts: { ...DEFAULTS.timeouts, media: STAGE_S, probe: STAGE_S, perceive: STAGE_S },
    ...{ check: () => {}, checkRecogniser: () => {}, modelId: 'none', fallbacks: [], prices: () => null },
    ...{ found: { remember: () => {} }, experience: { took: () => {}, medianMs: () => null } },
    ...{ detector: async () => fakeVoiceDetector(), recogniser: async () => recogniser, model: nobody },
    reader: reader === null ? nobody : async () => reader,
    ...{ embedderId: 'none', embedder: nobody, speech: nobody },
    ...more,
  };
}

/** Takes an input in and perceives it. Never throws. */
export function outcomeOf(
  media: MediaInput,
  parts: Parts,
  { sense = 'whatever', ...wishes }: Omit<PerceiveRequest, 'media'> = {},
  signal?: AbortSignal,
): Promise<Outcome> {
  return outcomeOfEvents(perceiveOne({ media, sense, ...wishes }, parts, signal));
}

/** How a perception ended. Never throws. */
export async function outcomeOfEvents(events: AsyncIterable<PipelineEvent>): Promise<Outcome> {
  const losses: Loss[] = [];
  let perception: Perception | null = null;
  const startedMs = performance.now();
  const ended = (error: unknown) => ({ perception, losses, error, tookMs: performance.now() - startedMs });
  try {
    for await (const event of events) {
      if (event.kind === 'loss-noted') losses.push(event.loss);
      if (event.kind === 'part-perceived') perception = event.perception;
    }
    return ended(null);
  } catch (error) {
    return ended(error);
  }
}

/** What is wrong with how an input ended, in one line; `null` where nothing is. */
export function slipIn({ perception, error, losses }: Outcome): string | null {
  if (error !== null) return slipInError(error);
  if (perception === null) return 'ended without a perception';
  const parsed = Perception.safeParse(perception);
  if (!parsed.success) return `not a perception: ${JSON.stringify(parsed.error.issues[0])}`;
  if (/\p{Surrogate}/u.test(perception.text)) return 'half a character in the text';
  if (perception.text.trim() === '' && perception.kind !== 'plain-text' && losses.length === 0) {
    return `an empty ${perception.kind} without a reason`;
  }
  return offsetSlip(perception);
}

/** Codes that name what is wrong with what was given. */
const OF_THE_INPUT = /^(media|see|read|watch|hear)\.(?!decoder-missing|url-failed|unknown|model-unusable)/;

function slipInError(error: unknown): string | null {
  if (!isSensoriumError(error)) return `threw ${String(error)} ${(error as Error)?.stack?.split('\n')[1] ?? ''}`;
  if (!OF_THE_INPUT.test(error.code)) {
    const cause =
      error.cause instanceof Error ? `; ${error.cause.message} ${error.cause.stack?.split('\n')[1] ?? ''}` : '';
    return `${error.code}: ${error.message}${cause}`;
  }
  if (error.hint === '') return `${error.code} without a hint`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f]|\/tmp\/|node:internal/.test(error.message))
    return `${error.code} tells too much: ${error.message}`;
  return null;
}

function offsetSlip(perception: Perception): string | null {
  const { text } = perception;
  switch (perception.kind) {
    case 'plain-text':
      return null;
    case 'picture':
      return linesSlip(perception.lines, text);
    case 'document':
      if (perception.pages.some((page, at) => page.number !== at + 1)) return 'pages out of order';
      return linesSlip(
        perception.pages.flatMap((page) => page.lines),
        text,
      );
    case 'timeline': {
      const { moments, durationMs } = perception;
      if (moments.some(({ startMs, endMs }) => endMs < startMs)) return 'a moment that ends before it begins';
      if (moments.some(({ startMs }) => startMs > durationMs)) return 'a moment behind the end';
      if (moments.some((moment, at) => at > 0 && moment.startMs < moments[at - 1]!.startMs))
        return 'moments out of order';
      return perception.transcript && transcriptSlip(perception.transcript);
    }
    case 'transcript':
      return transcriptSlip(perception);
  }
}

function linesSlip(lines: readonly TextLine[], text: string): string | null {
  const all = [...text];
  for (const { start, text: line } of lines) {
    if (start === null) continue;
    const there = all.slice(start, start + [...line].length).join('');
    if (there !== line) return `a line "${line}" is not at ${start}, where "${there}" is`;
  }
  return null;
}

function transcriptSlip({ text, enriched, segments, words, durationMs }: Transcript): string | null {
  for (const { startMs, endMs } of [...segments, ...words]) {
    if (endMs < startMs || endMs > durationMs + 1) return `heard from ${startMs} to ${endMs} ms of ${durationMs}`;
  }
  if (!enriched) return null;
  let plain = '';
  let from = 0;
  let told = 0;
  const [marked, unmarked] = [[...enriched.text], [...text]];
  for (const { at, written } of enriched.marks) {
    plain += unmarked.slice(told, at).join('');
    from += at - told;
    if (marked.slice(from, from + [...written].length).join('') !== written) return `a mark ${written} is not at ${at}`;
    from += [...written].length;
    told = at;
  }
  const whole = plain + marked.slice(from).join('');
  return whole === text ? null : 'the text without its marks is another';
}
