import { deflateSync } from 'node:zlib';
import type { TimeSpan } from '#contract/finding.ts';
import type { Segment } from '#contract/perception.ts';
import { tokenText } from '../../fold.ts';
import { segmentOf } from '../../segment.ts';
import { firstGood } from './attempts.ts';
import { probabilitiesOf } from './choose.ts';
import { type Decoded, decode } from './decode.ts';
import { begin, logitsOf, next, type State, type Tensor, type Whisper } from './decoder.ts';
import { FRAME_MS, framesOf } from './encoder.ts';
import { codeOf, tagOf } from './languages.ts';
import type { Rules } from './rules.ts';
import { type Evidence, groupByLanguage, isLongEnough, type Stay } from './spoken.ts';
import { stretches, type TokenTimes, timesByAttention, timesByStretches } from './times.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { HearCall } from './worker.ts';

export interface Loaded extends Whisper {
  readonly vocabulary: Vocabulary;
  readonly rules: Rules;
}

/** So many tokens a second nobody says: in the scripts with the longest spellings speech stays below 20. */
const TOKENS_PER_SECOND = 25;
const LEAST_TOKENS = 16;
/** Whisper writes no more than half of its places at once (openai/whisper, decoding.py). */
const MOST_TOKENS_SHARE = 0.5;
/** What a model without language tokens knows. */
const SOLE_LANGUAGE = 'en';

/** How probable each language is, by what the decoder expects right after the mark that opens a text. */
export function evidenceOf({ folder }: Loaded, state: State): Evidence {
  const probabilities = probabilitiesOf(logitsOf(state), [...folder.tokens.languages.values()]);
  return [...folder.tokens.languages.keys()]
    .map((code, at) => ({ code, probability: probabilities[at] as number }))
    .sort((a, b) => b.probability - a.probability);
}

/**
 * Groups the speech of a piece by language: as declared, or by evidence from each span's own frames of what was encoded.
 * `started` is the decoder after its first token, where it was asked for the language of the whole.
 */
export async function staysOf(
  model: Loaded,
  hidden: Tensor,
  { language, speech, fromMs }: HearCall,
): Promise<{ stays: readonly Stay[]; started: State | null }> {
  const { tokens } = model.folder;
  const sole = tokens.languages.size === 0 ? SOLE_LANGUAGE : language && codeOf(language);
  if (sole !== undefined) return { stays: [{ speech, code: sole, probability: null }], started: null };
  const started = await begin(model, hidden, [tokens.start]);
  const whole = evidenceOf(model, started);
  const spans: { span: TimeSpan; evidence: Evidence }[] = [];
  for (const span of speech) {
    const frame = (ms: number) => Math.round((ms - fromMs) / FRAME_MS);
    const own = async () => {
      const part = framesOf(model, hidden, frame(span.startMs), frame(span.endMs));
      return evidenceOf(model, await begin(model, part, [tokens.start]));
    };
    spans.push({ span, evidence: speech.length === 1 ? whole : isLongEnough(span) ? await own() : [] });
  }
  return { stays: groupByLanguage(spans, whole), started };
}

/** Hears what was said in one language; `null` where the model hears no speech or writes no word. */
export async function hearStay(
  model: Loaded,
  sound: {
    readonly hidden: Tensor;
    readonly started: State | null;
    readonly stay: Stay;
    readonly prompt: readonly number[];
  },
  call: HearCall,
  signal: AbortSignal,
): Promise<{ segment: Segment; ended: boolean } | null> {
  const { positions } = model.folder;
  const { speech } = sound.stay;
  // Without attention the times the model writes are the best there are.
  const timestamps = model.follows.length === 0;
  const { state, noSpeech } = await opened(model, sound, timestamps);
  const seconds = ((speech.at(-1)?.endMs ?? 0) - (speech[0]?.startMs ?? 0)) / 1_000;
  const room = Math.min(positions * MOST_TOKENS_SHARE, positions - state.length);
  const maxTokens = Math.min(room, LEAST_TOKENS + Math.ceil(seconds * TOKENS_PER_SECOND));
  const good = await firstGood(async (temperature) => {
    const decoded = await decode(model, state, model.rules, { maxTokens, timestamps, temperature }, signal);
    return { decoded, temperature, compressionRatio: compressionOf(textOf(model, decoded)) };
  }, noSpeech);
  return good && segmentFor(model, good.decoded, { ...sound.stay, noSpeech }, call);
}

// Reads all that stands before the text: the prompt, and the marks for language and task.
async function opened(
  model: Loaded,
  { hidden, started, stay, prompt }: Parameters<typeof hearStay>[1],
  timestamps: boolean,
): Promise<{ state: State; noSpeech: number }> {
  const { start, previous, transcribe, noTimestamps, noSpeech, languages } = model.folder.tokens;
  const language = languages.get(stay.code);
  const after = [...(language === undefined ? [] : [language, transcribe]), ...(timestamps ? [] : [noTimestamps])];
  const probabilityIn = (logits: Float32Array) => probabilitiesOf(logits, [...logits.keys()])[noSpeech] ?? 0;
  if (started && prompt.length === 0) {
    let state = started;
    for (const id of after) state = await next(model, state, id);
    return { state, noSpeech: probabilityIn(logitsOf(started)) };
  }
  const before = prompt.length > 0 ? [previous, ...prompt] : [];
  const state = await begin(model, hidden, [...before, start, ...after]);
  return { state, noSpeech: probabilityIn(logitsOf(state, after.length)) };
}

function segmentFor(
  model: Loaded,
  decoded: Decoded,
  { speech, code, probability, noSpeech }: Stay & { readonly noSpeech: number },
  { engine, fromMs }: HearCall,
): { segment: Segment; ended: boolean } | null {
  const firstTime = model.folder.tokens.noTimestamps + 1;
  const tokens = decoded.tokens.filter(({ id }) => id < firstTime);
  const rows = decoded.attention?.filter((_, at) => (decoded.tokens[at]?.id ?? firstTime) < firstTime);
  const textOfToken = ({ id }: { readonly id: number }) => tokenText(bytesOf(model, id));
  const times: TokenTimes | null = rows
    ? timesByAttention(rows, fromMs, speech)
    : timesByStretches(stretches(decoded.tokens, firstTime), textOfToken, fromMs, speech);
  const segment = segmentOf({
    tokens: tokens.map(({ id, logprob }) => ({ id, logprob, bytes: bytesOf(model, id) })),
    speech,
    times,
    confidenceSource: `token-logprob:${engine}`,
  });
  if (!segment) return null;
  return {
    ended: decoded.ended,
    segment: { ...segment, noSpeechProbability: noSpeech, language: tagOf(code), languageProbability: probability },
  };
}

function bytesOf({ vocabulary }: Loaded, id: number): Uint8Array {
  return vocabulary[id] ?? new Uint8Array();
}

function textOf(model: Loaded, { tokens }: Decoded): string {
  return Buffer.concat(tokens.map(({ id }) => bytesOf(model, id)))
    .toString()
    .trim();
}

function compressionOf(text: string): number {
  const bytes = Buffer.from(text);
  return bytes.length / deflateSync(bytes).length;
}
