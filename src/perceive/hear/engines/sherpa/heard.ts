import type { TimeSpan } from '#contract/finding.ts';
import type { Segment } from '#contract/perception.ts';
import type { OfflineResult, OnlineResult } from '#runtime/sherpa.ts';
import { isSpaceless } from '../../script.ts';
import { type HeardToken, segmentOf } from '../../segment.ts';
import type { SherpaKind } from './files.ts';
import { eventOf, isTag, senseTags } from './tags.ts';

/** What sherpa-onnx wrote for a stretch of sound. Times of tokens are seconds, and so are `startS` (what they count from) and `endS`. */
export interface Written {
  readonly kind: SherpaKind;
  readonly result: OfflineResult | OnlineResult;
  /** Where the stretch lies in the recording; no word is later than its end. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly speech: readonly TimeSpan[];
  /** The engine's id. */
  readonly source: string;
}

/** Makes the segment of what was written, with SenseVoice's labels; `null` where it is no word. */
export function segmentFor(written: Written): Segment | null {
  const { kind, result, fromMs, toMs, speech, source } = written;
  const pieces = piecesOf(kind, result);
  const starts = pieces.map(({ startS }) => (startS === null ? null : fromMs + startS * 1000));
  const spans = starts.every((startMs) => startMs !== null) ? spansOf(starts, toMs, speech) : null;
  const said = segmentOf({
    speech,
    tokens: pieces.map(({ text, logprob }, id) => ({ id, bytes: bytesOf(text), logprob })),
    times: spans && { spans, source: 'model' },
    confidenceSource: `token-logprob:${source}`,
  });
  const segment = said && withinSpeech(said, speech);
  if (!segment || !('lang' in result) || kind !== 'sensevoice') return segment;
  const tags = senseTags(result);
  const events = [...new Set([tags.event, ...result.tokens.map(eventOf)])].filter((event) => event !== null);
  return {
    ...segment,
    ...(tags.language ? { language: tags.language, languageProbability: null } : {}),
    ...(tags.emotion ? { emotion: { label: tags.emotion, probability: null, source } } : {}),
    ...(events.length > 0 ? { events: events.map((label) => ({ label, probability: null, source })) } : {}),
  };
}

interface Spelled {
  readonly text: string;
  readonly startS: number | null;
  readonly logprob: number | null;
}

function piecesOf(kind: SherpaKind, result: OfflineResult | OnlineResult): Spelled[] {
  const { tokens, timestamps } = result;
  const texts = kind === 'paraformer' ? joinedTokens(tokens) : tokens;
  const probs = 'ys_probs' in result ? result.ys_probs : [];
  const pieces = texts.map((text, at): Spelled => {
    const logprob = probs.length === tokens.length ? Math.min(0, probs[at] ?? 0) : null;
    return { text, logprob, startS: timestamps.length === tokens.length ? (timestamps[at] ?? 0) : null };
  });
  const words = pieces.filter(({ text }) => !isTag(text) && text !== '<unk>');
  // Tokens of a byte vocabulary are no text; the text is right, but which token spells what of it is not known.
  const said = Buffer.concat(words.map(({ text }) => bytesOf(text))).toString();
  const agrees = kind !== 'zipformer' || letters(said) === letters(result.text);
  return agrees ? words : untimed(result.text);
}

// Paraformer's: `mo@@ del` is one word, and only what is written in ASCII has spaces.
function joinedTokens(tokens: readonly string[]): string[] {
  return tokens.map((token, at) => {
    const goesOn = tokens[at - 1]?.endsWith('@@') ?? false;
    const text = token.endsWith('@@') ? token.slice(0, -2) : token;
    return !goesOn && /^[\x21-\x7e]/.test(text) && !isTag(text) && text !== '<unk>' ? ` ${text}` : text;
  });
}

function untimed(text: string): Spelled[] {
  const texts: string[] = [];
  for (const character of text) {
    const last = texts.at(-1);
    const begins =
      last === undefined || /\s/.test(character) || isSpaceless(character) || isSpaceless([...last].at(-1));
    if (begins) texts.push(character);
    else texts[texts.length - 1] += character;
  }
  return texts.map((one) => ({ text: one, startS: null, logprob: null }));
}

// A byte of a character comes as its number: `<0xE4>`.
function bytesOf(text: string): HeardToken['bytes'] {
  const single = /^<0x([0-9A-F]{2})>$/.exec(text)?.[1];
  return single ? Uint8Array.of(Number.parseInt(single, 16)) : new TextEncoder().encode(text);
}

function letters(text: string): string {
  return text.replaceAll(/\s/g, '');
}

/**
 * When tokens were spoken, from where each begins. A token lasts until the next one begins, the last to the end; a time at which
 * nobody speaks is moved to the nearest at which somebody does, for a model may be late by a frame or two.
 */
export function spansOf(startsMs: readonly number[], toMs: number, speech: readonly TimeSpan[]): TimeSpan[] {
  const voiced = [...startsMs, toMs].map((ms) => voicedMs(ms, speech));
  return startsMs.map((_, at) => {
    const startMs = voiced[at] ?? 0;
    return { startMs, endMs: Math.max(startMs, voiced[at + 1] ?? startMs) };
  });
}

function voicedMs(ms: number, speech: readonly TimeSpan[]): number {
  let nearest = { atMs: ms, awayMs: Number.POSITIVE_INFINITY };
  for (const { startMs, endMs } of speech) {
    const atMs = Math.min(Math.max(ms, startMs), endMs);
    const awayMs = Math.abs(atMs - ms);
    if (awayMs < nearest.awayMs) nearest = { atMs, awayMs };
  }
  return nearest.atMs;
}

// A word may lie between the very end of one span and the very beginning of the next, with no voice in between.
function withinSpeech(segment: Segment, speech: readonly TimeSpan[]): Segment {
  const words = segment.words.map((word) => {
    const isVoiced = speech.some((span) => word.startMs >= span.startMs - 1 && word.endMs <= span.endMs + 1);
    return isVoiced ? word : { ...word, endMs: word.startMs };
  });
  return { ...segment, words, endMs: words.at(-1)?.endMs ?? segment.endMs };
}
