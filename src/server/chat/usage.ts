import type { Usage } from '#contract/answer.ts';
import type { Report } from '#contract/report.ts';

/**
 * Token counts in OpenAI’s shape. Audio tokens are those the language model itself read and wrote, as its server counted
 * them: where sound was turned into text first it took none, and how much sound there was is said in seconds.
 */
export function usageOf({ answer, speech, ledger }: Report): object | null {
  if (!answer.usage) return null;
  const { inputTokens, outputTokens, ...more }: Usage = answer.usage;
  const heardMs = ledger.inputs.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: more.cachedTokens ?? 0, audio_tokens: more.inputAudioTokens ?? 0 },
    completion_tokens_details: {
      reasoning_tokens: more.reasoningTokens ?? 0,
      audio_tokens: more.outputAudioTokens ?? 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...(heardMs === 0 && !speech
      ? {}
      : { sensorium: { audio_in_seconds: heardMs / 1000, audio_out_seconds: (speech?.durationMs ?? 0) / 1000 } }),
  };
}
