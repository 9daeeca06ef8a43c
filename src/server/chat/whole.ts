import type { AnswerToken } from '#contract/answer.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { Report } from '#contract/report.ts';
import { nowSeconds, wireId } from '../wire/ids.ts';
import type { SpokenAnswers } from './spoken-answers.ts';
import { usageOf } from './usage.ts';

const FINISH = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
} as const;

/** OpenAI’s word for why an answer ended. */
export function finishOf({ answer }: Report): string {
  return answer.finishReason === null ? 'stop' : FINISH[answer.finishReason];
}

/** Our one field in an answer. */
export function sensoriumOf({ requestId, plan, perceptions, ledger, timings, costs, retrieved }: Report): object {
  return { request_id: requestId, plan, perceptions, ledger, timings, costs, ...(retrieved ? { retrieved } : {}) };
}

/** A token in OpenAI’s shape. */
export function logprobOf({ text, logprob, bytes, top }: AnswerToken): object {
  return {
    token: text,
    logprob,
    bytes,
    top_logprobs: top.map((one) => ({ token: one.text, logprob: one.logprob, bytes: one.bytes })),
  };
}

/** Runs a story to its end, each event told to a function. */
export type Told = (onEvent: (event: PipelineEvent) => void) => Promise<void>;

/** The report that a story ends with. */
export async function reportOf(tell: Told): Promise<Report> {
  let report: Report | null = null;
  await tell((event) => {
    if (event.kind === 'report-made') report = event.report;
  });
  if (!report) throw new Error('A story ended without a report.');
  return report;
}

/** The whole answer as one chat completion. `sound` is the spoken answer in the format asked for. */
export function completionOf(report: Report, sound: Uint8Array | null, spoken: SpokenAnswers): object {
  const { answer, requestId } = report;
  const id = wireId('audio_', requestId);
  const audio =
    sound === null
      ? null
      : {
          id,
          expires_at: spoken.keep(id, answer.text),
          data: Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength).toString('base64'),
          transcript: answer.text,
        };
  const calls = answer.toolCalls?.map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  return {
    id: wireId('chatcmpl-', requestId),
    object: 'chat.completion',
    created: nowSeconds(),
    model: answer.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: audio || (answer.text === '' && calls) ? null : answer.text,
          refusal: answer.refusal ?? null,
          ...(answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning }),
          annotations: [],
          ...(audio ? { audio } : {}),
          ...(calls && calls.length > 0 ? { tool_calls: calls } : {}),
        },
        logprobs: answer.logprobs ? { content: answer.logprobs.map(logprobOf), refusal: null } : null,
        finish_reason: finishOf(report),
      },
    ],
    usage: usageOf(report),
    sensorium: sensoriumOf(report),
  };
}
