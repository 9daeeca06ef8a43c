import { loadOnnx } from '#runtime/onnx.ts';
import { serve } from '#runtime/worker/serve.ts';
import { FRAME_SAMPLES } from '../../spans.ts';
import { CONTEXT_SAMPLES, type SileroReply, type SileroRequest, STATE_SHAPE } from './protocol.ts';

type Onnx = Awaited<ReturnType<typeof loadOnnx>>;
type Session = Awaited<ReturnType<Onnx['InferenceSession']['create']>>;

let loaded: { readonly path: string; readonly onnx: Onnx; readonly session: Session } | undefined;

async function load(path: string) {
  if (loaded?.path !== path) {
    const onnx = await loadOnnx();
    // The network is so small that a second thread costs more than it brings.
    const session = await onnx.InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
    loaded = { path, onnx, session };
  }
  return loaded;
}

serve({
  /** Probabilities of whole frames. Everything the network remembers comes with the call and goes back with the reply. */
  async listen(request: SileroRequest, signal: AbortSignal): Promise<SileroReply> {
    const { onnx, session } = await load(request.modelPath);
    const frames = Math.floor(request.pcm.length / FRAME_SAMPLES);
    const probabilities = new Float32Array(frames);
    const rate = new onnx.Tensor('int64', BigInt64Array.of(16_000n), []);
    let state = new onnx.Tensor('float32', request.state, STATE_SHAPE);
    let context = request.context;
    for (let frame = 0; frame < frames && !signal.aborted; frame++) {
      const input = new Float32Array(CONTEXT_SAMPLES + FRAME_SAMPLES);
      input.set(context);
      input.set(request.pcm.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES), CONTEXT_SAMPLES);
      context = input.slice(FRAME_SAMPLES);
      const reply = await session.run({ input: new onnx.Tensor('float32', input, [1, input.length]), state, sr: rate });
      state = reply.stateN as typeof state;
      probabilities[frame] = Number(reply.output?.data[0]);
    }
    return { probabilities, state: state.data as Float32Array, context };
  },
});
