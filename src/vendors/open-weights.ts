import type { MediaKind } from '#contract/media.ts';
import type { ModelRow } from './vendor.ts';

const LLAMA = { source: 'the project’s study of servers, Llama', date: '2026-11-26' };
const VLLM = { source: 'vLLM’s supported_models.md (0046f77)', date: '2026-08-22' };

interface Weights {
  readonly names: RegExp;
  readonly input: readonly MediaKind[];
  readonly speaks?: boolean | undefined;
  readonly mostImages?: number | undefined;
  readonly hearsVideo?: boolean | undefined;
  readonly said: { readonly source: string; readonly date: string };
}

/** Multimodal weights anybody may serve, by the names people serve them under; the first that fits counts. */
const WEIGHTS: readonly Weights[] = [
  { names: /llama-?3\.2.*vision/i, input: ['text', 'image'], mostImages: 1, said: LLAMA },
  { names: /llama-?4\b/i, input: ['text', 'image'], said: LLAMA },
  { names: /llama.*nemotron.*-vl/i, input: ['text', 'image'], said: LLAMA },
  { names: /ultravox/i, input: ['text', 'audio'], said: LLAMA },
  {
    names: /qwen[\d.]*-?omni/i,
    input: ['text', 'audio', 'image', 'video'],
    speaks: true,
    said: VLLM,
  },
  { names: /qwen(?:2\.5|3)-?vl/i, input: ['text', 'image', 'video'], hearsVideo: false, said: VLLM },
  { names: /qwen2-?audio/i, input: ['text', 'audio'], said: VLLM },
  { names: /glm-?4\.\d+v/i, input: ['text', 'image', 'video'], hearsVideo: false, said: VLLM },
];

/**
 * What is known of open weights on a server that takes these kinds of media; `speaks` where it lets models speak that can.
 * Everything else that is served there is unknown.
 */
export function openWeights(
  kinds: readonly MediaKind[],
  { speaks: serverSpeaks = false }: { readonly speaks?: boolean } = {},
): readonly ModelRow[] {
  return WEIGHTS.map(({ names, input, speaks = false, mostImages, hearsVideo, said }) => {
    const taken = input.filter((kind) => kinds.includes(kind));
    return {
      names,
      facts: {
        input: taken,
        output: speaks && serverSpeaks ? ['text', 'audio'] : ['text'],
        ...(mostImages === undefined ? {} : { limits: { image: { maxCount: mostImages } } }),
        ...(hearsVideo === undefined || !taken.includes('video') ? {} : { rules: { hearsVideo } }),
      },
      ...said,
    };
  });
}
