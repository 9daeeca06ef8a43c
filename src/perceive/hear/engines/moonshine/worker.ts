import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TimeSpan } from '#contract/finding.ts';
import type { Segment } from '#contract/perception.ts';
import { loadOnnx } from '#runtime/onnx.ts';
import { keepOne } from '#runtime/worker/keep-one.ts';
import { serve } from '#runtime/worker/serve.ts';
import { alignTokens } from '../../align.ts';
import { tokenSpans, voicedFrames } from '../../place.ts';
import { type HeardToken, segmentOf } from '../../segment.ts';
import { type Decoded, decode, encode, type Moonshine } from './decode.ts';
import { FILES, ID } from './model.ts';
import { type PromptWords, promptWords, readTokeniser, type Tokenise } from './prompt.ts';
import { readVocabulary } from './vocabulary.ts';

/** A piece of sound to hear and the model to hear it with. Times are those of the recording. */
export interface HearCall {
  readonly modelDir: string;
  readonly samples: Float32Array;
  readonly fromMs: number;
  readonly speech: readonly TimeSpan[];
  readonly prompt?: string | undefined;
}

/** `segment` is `null` when the model wrote nothing, also not on a second look. `promptWords` tells what became of the prompt. */
export interface HearReply {
  readonly segment: Segment | null;
  readonly ended: boolean;
  readonly promptWords: Pick<PromptWords, 'count' | 'leftOut'> | null;
}

interface Loaded extends Moonshine {
  /** Reads the tokeniser when a prompt first needs it. */
  readonly tokeniser: () => Promise<Tokenise>;
}

const SAMPLES_PER_MS = 16;
/** The encoder makes a frame of 384 samples. */
const FRAME_MS = 24;
/** The model's makers bound the text by this, against endless loops (usefulsensors/moonshine). */
const TOKENS_PER_SECOND = 6.5;
/** A word or two must fit in however short the sound is. */
const LEAST_TOKENS = 8;
/** The model is so small that a second thread costs more than it saves. */
const THREADS = 1;
/** A second look at sound that first gave nothing is believed above this mean log-probability. */
const SECOND_LOOK_FLOOR = -0.65;

let lastPrompt: { readonly prompt: string; readonly words: PromptWords } | undefined;
const modelFor = keepOne(load);

serve({
  async hear(call: HearCall, signal: AbortSignal): Promise<HearReply> {
    const model = await modelFor(call.modelDir);
    const hidden = await encode(model, call.samples);
    const seconds = call.samples.length / SAMPLES_PER_MS / 1000;
    const maxTokens = Math.max(LEAST_TOKENS, Math.ceil(seconds * TOKENS_PER_SECOND));
    const words = call.prompt === undefined ? undefined : await wordsOf(call.prompt, model);
    const look = async (mayEndAtOnce: boolean): Promise<HearReply> => {
      const decoded = await decode(model, hidden, { maxTokens, mayEndAtOnce, words }, signal);
      return {
        segment: segmentFor(model, decoded, call),
        ended: decoded.ended,
        promptWords: words ? { count: words.count, leftOut: words.leftOut } : null,
      };
    };
    const first = await look(true);
    if (first.segment) return first;
    // Nothing, though there is a voice: short and soft speech often gives words when it must.
    const second = await look(false);
    return (second.segment?.meanLogprob ?? Number.NEGATIVE_INFINITY) > SECOND_LOOK_FLOOR ? second : first;
  },
});

function segmentFor(model: Loaded, decoded: Decoded, { speech, fromMs }: HearCall): Segment | null {
  const nothing = new Uint8Array();
  const tokens = decoded.tokens.map(
    ({ id, logprob }): HeardToken => ({ id, logprob, bytes: model.vocabulary[id] ?? nothing }),
  );
  const spans = timesOf(decoded, speech, fromMs);
  const times = spans ? ({ spans, source: 'attention' } as const) : null;
  return segmentOf({ tokens, speech, times, confidenceSource: `token-logprob:${ID}` });
}

function timesOf({ attention, frames }: Decoded, speech: readonly TimeSpan[], fromMs: number): TimeSpan[] | null {
  if (!attention) return null;
  const clock = { frameMs: FRAME_MS, fromMs };
  const voiced = voicedFrames(frames, clock, speech);
  const table = new Float32Array(attention.length * voiced.length);
  for (const [token, row] of attention.entries()) {
    for (const [column, frame] of voiced.entries()) table[token * voiced.length + column] = row[frame] ?? 0;
  }
  const first = alignTokens(table, attention.length, voiced.length);
  return first && tokenSpans(first, voiced, clock);
}

// The pieces of a recording come with the same prompt.
async function wordsOf(prompt: string, { tokeniser }: Loaded): Promise<PromptWords> {
  if (lastPrompt?.prompt === prompt) return lastPrompt.words;
  const words = promptWords(prompt, await tokeniser());
  lastPrompt = { prompt, words };
  return words;
}

async function load(modelDir: string): Promise<Loaded> {
  const { InferenceSession, Tensor } = await loadOnnx();
  const following = join(modelDir, FILES.followingDecoder);
  const follows = existsSync(following);
  const options = { intraOpNumThreads: THREADS, logSeverityLevel: 3 } as const;
  const tokenizerPath = join(modelDir, FILES.tokenizer);
  const [encoder, decoder, vocabulary] = await Promise.all([
    InferenceSession.create(join(modelDir, FILES.encoder), options),
    InferenceSession.create(follows ? following : join(modelDir, FILES.decoder), options),
    readVocabulary(tokenizerPath),
  ]);
  let tokenise: Promise<Tokenise> | undefined;
  const tokeniser = () => {
    tokenise ??= readTokeniser(tokenizerPath);
    return tokenise;
  };
  return { encoder, decoder, vocabulary, tokeniser, follows, Tensor };
}
