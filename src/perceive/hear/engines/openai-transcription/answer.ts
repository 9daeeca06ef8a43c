import type { ServerHeard } from '../remote/recogniser.ts';
import { languageTag } from './languages.ts';
import { measured } from './measured.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/**
 * What a server heard, from the messages of its answer: one JSON object in any of OpenAI's formats, or the events of a stream,
 * OpenAI's (`transcript.text.delta`, `….done`) or vLLM's (`transcription.chunk`). `null` when there is no text in it.
 */
export function heardIn(messages: readonly unknown[]): ServerHeard | null {
  let text: string | null = null;
  const logprobs: Json[] = [];
  for (const message of messages.filter(isObject)) {
    if (message.type === 'transcript.text.delta') {
      text = `${text ?? ''}${textOf(message.delta)}`;
      logprobs.push(...objectsIn(message.logprobs));
    } else if (typeof message.text === 'string' && message.type !== 'transcript.text.segment') {
      return wholeOf(message.logprobs ? message : { ...message, logprobs });
    }
    for (const { delta } of objectsIn(message.choices)) {
      if (isObject(delta)) text = `${text ?? ''}${textOf(delta.content)}`;
    }
  }
  return text === null ? null : wholeOf({ text, logprobs });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function wholeOf(answer: Json): ServerHeard {
  const text = textOf(answer.text).trim();
  const segments = objectsIn(answer.segments);
  return {
    text,
    words: wordsOf(answer, text),
    tokens: tokensOf(answer.logprobs, text),
    language: languageTag(answer.language) ?? languageTag(objectsIn(answer.languages)[0]?.code),
    meanLogprob: meanOf(segments, 'avg_logprob', [Number.NEGATIVE_INFINITY, 0]),
    noSpeechProbability: meanOf(segments, 'no_speech_prob', [0, 1]),
  };
}

/** Words with their times, and with a probability where the server, as some built on Whisper do, gives one of each. */
function wordsOf(answer: Json, text: string): ServerHeard['words'] {
  const inSegments = objectsIn(answer.segments).flatMap((segment) => objectsIn(segment.words));
  const told = objectsIn(answer.words).length > 0 ? objectsIn(answer.words) : inSegments;
  const timed = told.filter(({ word, start, end }) => typeof word === 'string' && isSeconds(start) && isSeconds(end));
  if (timed.length === 0 || timed.length < told.length) return undefined;
  const probabilities = measured(
    timed.map(({ probability, score }) => probability ?? score),
    [0, 1],
    FEWEST_EQUAL,
  );
  const written = asWritten(
    timed.map(({ word }) => textOf(word)),
    text,
  );
  return timed.map(({ start, end }, at) => ({
    text: written[at] ?? '',
    startMs: Number(start) * 1000,
    endMs: Number(end) * 1000,
    probability: probabilities?.[at] ?? null,
  }));
}

function isSeconds(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Words with the marks that stand after them in the text, since a list of words has none; as they are if they are not in it. */
function asWritten(words: readonly string[], text: string): readonly string[] {
  const places: number[] = [];
  let from = 0;
  for (const word of words) {
    const place = text.indexOf(word.trim(), from);
    if (place < 0) return words;
    places.push(place);
    from = place + word.trim().length;
  }
  // What stands before the first word belongs to it.
  return places.map((place, at) => text.slice(at === 0 ? 0 : place, places[at + 1] ?? text.length).trim());
}

/** Tokens with their log-probabilities, whole characters each; nothing where they do not spell the text. */
function tokensOf(logprobs: unknown, text: string): ServerHeard['tokens'] {
  const told = objectsIn(logprobs);
  const figures = measured(
    told.map(({ logprob }) => logprob),
    [Number.NEGATIVE_INFINITY, 0],
    FEWEST_EQUAL,
  );
  if (figures === null) return undefined;
  const tokens: { text: string; logprob: number }[] = [];
  let held = { bytes: Buffer.alloc(0), sum: 0 };
  for (const [at, { token, bytes }] of told.entries()) {
    const own = Array.isArray(bytes) && bytes.length > 0 ? Buffer.from(bytes as number[]) : Buffer.from(textOf(token));
    held = { bytes: Buffer.concat([held.bytes, own]), sum: held.sum + (figures[at] ?? 0) };
    const spelt = held.bytes.toString('utf8');
    // A character may be cut between two tokens.
    if (spelt.endsWith('\ufffd') && at < told.length - 1) continue;
    tokens.push({ text: spelt, logprob: held.sum });
    held = { bytes: Buffer.alloc(0), sum: 0 };
  }
  return tokens
    .map((token) => token.text)
    .join('')
    .trim() === text
    ? tokens
    : undefined;
}

/** A short sure answer may well have a few words of the same figure. */
const FEWEST_EQUAL = 4;

/** The mean over the segments, each counted by its tokens; `null` where nobody measured it, or nobody can weigh it. */
function meanOf(segments: readonly Json[], field: string, range: readonly [number, number]): number | null {
  const figures = measured(
    segments.map((segment) => segment[field]),
    range,
  );
  if (figures === null) return null;
  // Whisper measures once for half a minute, so the segments within it have the same figure.
  const [first = null] = figures;
  if (figures.every((figure) => figure === first)) return first;
  const counts = segments.map(({ tokens }) => (Array.isArray(tokens) ? tokens.length : 0));
  if (counts.includes(0)) return null;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return figures.reduce((sum, figure, at) => sum + figure * (counts[at] ?? 0), 0) / total;
}
