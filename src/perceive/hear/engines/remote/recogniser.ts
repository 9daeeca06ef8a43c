import { lossOf } from '#contract/loss.ts';
import type { Segment } from '#contract/perception.ts';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { wavFile } from '#kit/pcm.ts';
import type { CutLimits } from '../../cut.ts';
import { type Piece, readPieces } from '../../pieces.ts';
import { isSpaceless } from '../../script.ts';
import { type HeardToken, segmentOf } from '../../segment.ts';

const RATE_HZ = 16_000;

/** A stretch of speech to be sent: mono, 16 kHz, no longer than the server takes. */
export interface SpokenPiece {
  readonly samples: Float32Array;
  readonly durationMs: number;
  /** The same as a whole WAV file, 16 bit. */
  wav(): Buffer;
  readonly language: string | undefined;
  readonly prompt: string | undefined;
}

/**
 * What a server heard in a piece. `words` count their times from the piece's start; `tokens`, put end to end, are the text. A
 * probability that it did not measure is `null`.
 */
export interface ServerHeard {
  readonly text: string;
  readonly words?: readonly { text: string; startMs: number; endMs: number; probability?: number | null }[] | undefined;
  readonly tokens?: readonly { text: string; logprob: number | null }[] | undefined;
  readonly language?: string | undefined;
  readonly emotion?: { readonly label: string; readonly probability: number | null } | undefined;
  /** The mean natural-log probability of its tokens, where it says only that. */
  readonly meanLogprob?: number | null | undefined;
  readonly noSpeechProbability?: number | null | undefined;
}

export interface RemoteRecogniserOptions {
  /** As users name it: `qwen:qwen3-asr-flash`. */
  readonly id: string;
  readonly capabilities: Recogniser['capabilities'];
  /** The longest piece the server takes, and how pieces may be cut. */
  readonly limits: CutLimits;
  /** Sends one piece. Throws `hear.*`. */
  transcribe(piece: SpokenPiece, context: CallContext): Promise<ServerHeard>;
  close?(): Promise<void>;
}

/** A recogniser on somebody else's server: speech is cut in its pauses, each piece is sent, words get their places in time. */
export function remoteRecogniser(options: RemoteRecogniserOptions): Recogniser {
  const { id, limits } = options;
  return {
    id,
    capabilities: options.capabilities,
    async *hear({ part, sound, speech, language, prompt }, context) {
      throwIfCancelled(context.signal);
      for await (const piece of readPieces(sound, speech, limits, context.signal)) {
        if (piece.cutInSpeech) {
          const at = piece.speech.at(-1)?.endMs ?? 0;
          context.note(
            lossOf({
              kind: 'cut-in-speech',
              stage: 'perceive',
              part,
              engine: id,
              time: { startMs: at, endMs: at },
              message: 'Speech went on without a pause for longer than the server takes at once, so a word may be cut.',
            }),
          );
        }
        const { samples } = piece;
        const heard = await options.transcribe(
          {
            samples,
            durationMs: (samples.length * 1000) / RATE_HZ,
            wav: () => wavFile(samples, RATE_HZ),
            language,
            prompt,
          },
          context,
        );
        throwIfCancelled(context.signal);
        const segment = segmentFrom(heard, piece, id);
        if (segment) yield segment;
      }
    },
    close: options.close ?? (async () => {}),
  };
}

function segmentFrom(heard: ServerHeard, piece: Piece, id: string): Segment | null {
  const timed = heard.words?.filter(({ text }) => text.trim() !== '') ?? [];
  const tokens = heard.tokens?.length
    ? tokensOf(heard.tokens)
    : timed.length > 0
      ? wordTokens(timed)
      : pieces(heard.text);
  const times =
    timed.length === tokens.length && timed.length > 0
      ? {
          spans: timed.map(({ startMs, endMs }) => ({ startMs: piece.fromMs + startMs, endMs: piece.fromMs + endMs })),
          source: 'model' as const,
        }
      : null;
  const source = heard.tokens?.length ? 'token-logprob' : 'word-probability';
  const segment = segmentOf({ speech: piece.speech, tokens, times, confidenceSource: `${source}:${id}` });
  if (!segment) return null;
  const { language, emotion } = heard;
  return {
    ...segment,
    meanLogprob: segment.meanLogprob ?? heard.meanLogprob ?? null,
    noSpeechProbability: heard.noSpeechProbability ?? null,
    ...(language ? { language } : {}),
    ...(emotion ? { emotion: { ...emotion, source: id } } : {}),
  };
}

type Told = { readonly text: string; readonly logprob: number | null };

function tokensOf(told: readonly Told[]): HeardToken[] {
  return told.map(({ text, logprob }, id) => ({ id, bytes: new TextEncoder().encode(text), logprob }));
}

function wordTokens(words: NonNullable<ServerHeard['words']>): HeardToken[] {
  return tokensOf(
    words.map(({ text, probability = null }) => ({
      // A word of a script with spaces begins with one.
      text: isSpaceless(text.trim()[0] ?? '') ? text.trim() : ` ${text.trim()}`,
      logprob: probability === null ? null : Math.log(Math.max(probability, Number.MIN_VALUE)),
    })),
  );
}

/** A text without figures, one token for each word or each character of a script without spaces. */
function pieces(text: string): HeardToken[] {
  const told: Told[] = [];
  let word = '';
  for (const character of text) {
    if (/\s/.test(character) && word.trim() !== '') {
      told.push({ text: word, logprob: null });
      word = '';
    }
    word += character;
    if (isSpaceless(character)) {
      told.push({ text: word, logprob: null });
      word = '';
    }
  }
  if (word.trim() !== '') told.push({ text: word, logprob: null });
  return tokensOf(told);
}
