import { join } from 'node:path';
import type { Pixels } from '#contract/media.ts';
import { loadOnnx } from '#runtime/onnx.ts';
import { keepOne } from '#runtime/worker/keep-one.ts';
import { serve } from '#runtime/worker/serve.ts';
import { readAlphabet } from './alphabet.ts';
import { detect, type Network } from './detect.ts';
import { type ReadLine, readLines } from './lines.ts';
import { FILES } from './model.ts';
import { type Rules, rulesIn } from './rules.ts';

/** A picture to read and the model to read it with. */
export interface ReadCall {
  readonly modelDir: string;
  readonly pixels: Pixels;
  readonly threads: number;
}

/** The lines in no order, and the ruled lines that are drawn around them. */
export interface ReadReply {
  readonly lines: readonly ReadLine[];
  readonly rules: Rules;
}

interface Loaded {
  readonly detector: Network;
  readonly recogniser: Network;
  readonly alphabet: readonly string[];
}

let threads = 1;
const modelFor = keepOne(load);

serve({
  async read(call: ReadCall, signal: AbortSignal): Promise<ReadReply> {
    threads = call.threads;
    const { detector, recogniser, alphabet } = await modelFor(call.modelDir);
    const boxes = await detect(call.pixels, detector);
    const lines = await readLines(call.pixels, boxes, recogniser, alphabet, signal);
    return { lines, rules: rulesIn(call.pixels) };
  },
});

async function load(modelDir: string): Promise<Loaded> {
  const { InferenceSession, Tensor } = await loadOnnx();
  const options = { intraOpNumThreads: threads, logSeverityLevel: 3 } as const;
  const [detector, recogniser] = await Promise.all([
    InferenceSession.create(join(modelDir, FILES.detector), options),
    InferenceSession.create(join(modelDir, FILES.recogniser), options),
  ]);
  return {
    detector: { session: detector, Tensor },
    recogniser: { session: recogniser, Tensor },
    alphabet: readAlphabet(modelDir),
  };
}
