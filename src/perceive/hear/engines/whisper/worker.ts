import type { TimeSpan } from '#contract/finding.ts';
import type { Segment } from '#contract/perception.ts';
import { loadOnnx } from '#runtime/onnx.ts';
import { keepOne } from '#runtime/worker/keep-one.ts';
import { serve } from '#runtime/worker/serve.ts';
import { begin } from './decoder.ts';
import { encode } from './encoder.ts';
import { readFolder } from './folder.ts';
import { evidenceOf, hearStay, type Loaded, staysOf } from './hear-stay.ts';
import { tagOf } from './languages.ts';
import { promptTokens, readTokeniser, type Tokenise } from './prompt.ts';
import { rulesOf } from './rules.ts';
import { partOf } from './spoken.ts';
import { readVocabulary } from './vocabulary.ts';

/** A piece of sound of at most 30 s and the model to hear it with. Times are those of the recording. */
export interface HearCall {
  readonly modelDir: string;
  readonly engine: string;
  readonly threads: number;
  readonly samples: Float32Array;
  readonly fromMs: number;
  readonly speech: readonly TimeSpan[];
  /** BCP 47 primary tag. */
  readonly language?: string | undefined;
  readonly prompt?: string | undefined;
}

/** The segments of a piece, one for each stay in a language. `prompt` tells what became of the prompt. */
export interface HearReply {
  readonly segments: readonly { readonly segment: Segment; readonly ended: boolean }[];
  readonly prompt: { readonly tokens: number; readonly leftOut: number } | null;
}

/** Languages as BCP 47 primary tags, best first. */
export interface IdentifyReply {
  readonly languages: readonly { readonly language: string; readonly probability: number }[];
}

interface Kept extends Loaded {
  /** Reads the tokeniser when a prompt first needs it. */
  readonly tokeniser: () => Promise<Tokenise>;
}

let threads = 1;
const modelFor = keepOne(load);

serve({
  async hear(call: HearCall, signal: AbortSignal): Promise<HearReply> {
    threads = call.threads;
    const model = await modelFor(call.modelDir);
    const prompt =
      call.prompt === undefined ? null : promptTokens(call.prompt, await model.tokeniser(), model.folder.tokens.end);
    const encoded = await encode(model, call.samples);
    const { stays, started } = await staysOf(model, encoded, call);
    const segments: { segment: Segment; ended: boolean }[] = [];
    for (const [at, stay] of stays.entries()) {
      // Encoded together, two languages would come out as one.
      const isAll = stays.length === 1;
      const own = isAll ? call : { ...call, ...partOf(call, stays[at - 1], stay, stays[at + 1]) };
      const sound = isAll ? { hidden: encoded, started } : { hidden: await encode(model, own.samples), started: null };
      const heard = await hearStay(model, { ...sound, stay, prompt: prompt?.ids ?? [] }, own, signal);
      if (heard) segments.push(heard);
    }
    return { segments, prompt: prompt && { tokens: prompt.ids.length, leftOut: prompt.leftOut } };
  },
  async identify(call: HearCall): Promise<IdentifyReply> {
    threads = call.threads;
    const model = await modelFor(call.modelDir);
    const state = await begin(model, await encode(model, call.samples), [model.folder.tokens.start]);
    const evidence = evidenceOf(model, state);
    return { languages: evidence.map(({ code, probability }) => ({ language: tagOf(code), probability })) };
  },
});

async function load(modelDir: string): Promise<Kept> {
  const folder = await readFolder(modelDir);
  const { InferenceSession, Tensor } = await loadOnnx();
  const options = { logSeverityLevel: 3 } as const;
  // Waiting threads sleep instead of spinning: other models may be at work on the same cores. A step of the decoder is too
  // small to be shared out.
  const shared = { intraOpNumThreads: threads, extra: { session: { intra_op: { allow_spinning: '0' } } } };
  const [encoder, decoder, vocabulary] = await Promise.all([
    InferenceSession.create(folder.encoder, { ...options, ...shared }),
    InferenceSession.create(folder.decoder, { ...options, intraOpNumThreads: 1 }),
    readVocabulary(folder.tokenizer),
  ]);
  let tokenise: Promise<Tokenise> | undefined;
  const tokeniser = () => {
    tokenise ??= readTokeniser(folder.tokenizer);
    return tokenise;
  };
  const follows = folder.followingHeads.filter(([layer]) => decoder.outputNames.includes(`cross_attentions.${layer}`));
  return { folder, encoder, decoder, vocabulary, rules: rulesOf(folder), tokeniser, follows, Tensor };
}
