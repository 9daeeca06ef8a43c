import type { PipelineEvent } from '#contract/events.ts';
import type { Report } from '#contract/report.ts';
import { pcm16 } from '#kit/pcm.ts';
import { nowSeconds, wireId } from '../wire/ids.ts';
import type { SpokenAnswers } from './spoken-answers.ts';
import { usageOf } from './usage.ts';
import { finishOf, logprobOf, sensoriumOf } from './whole.ts';

export interface StreamWishes {
  readonly model: string;
  readonly requestId: string;
  readonly includeUsage: boolean;
  /** Plan, perceptions and losses as they happen. */
  readonly showEvents: boolean;
  readonly spoken: SpokenAnswers;
}

/**
 * Turns what happens into the lines of a chat completion stream: text as it is written, and between it each sentence’s
 * transcript and sound. The last line carries our `sensorium` field. `null` says that an event has no line.
 */
export function chunkWriter(wishes: StreamWishes): (event: PipelineEvent) => readonly string[] {
  const { requestId, includeUsage } = wishes;
  const usage = includeUsage ? ',"usage":null' : '';
  const created = nowSeconds();
  const about = (model: string) =>
    `{"id":"${wireId('chatcmpl-', requestId)}","object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)}`;
  const head = `${about(wishes.model)},"choices":[{"index":0,"delta":`;
  const audioId = wireId('audio_', requestId);
  let begun = false;
  let said = '';

  const line = (delta: string, logprobs = 'null') => {
    const role = begun ? '' : '"role":"assistant",';
    begun = true;
    return `${head}{${role}${delta}},"logprobs":${logprobs},"finish_reason":null}]${usage}}`;
  };
  const shown = (event: object) =>
    `${head.slice(0, head.indexOf(',"choices"'))},"choices":[]${usage},"sensorium":${JSON.stringify({ event })}}`;

  function last(report: Report): string[] {
    const ours = `"sensorium":${JSON.stringify(sensoriumOf(report))}`;
    const counted = usageOf(report);
    const lines: string[] = [];
    if (report.speech) {
      lines.push(line(`"audio":{"id":"${audioId}","expires_at":${wishes.spoken.keep(audioId, report.answer.text)}}`));
    }
    if (!begun) lines.push(line('"content":""'));
    const end = `${head}{},"logprobs":null,"finish_reason":"${finishOf(report)}"}]`;
    if (!includeUsage) return [...lines, `${end},${ours}}`];
    const model = about(report.answer.model);
    return [...lines, `${end}${usage}}`, `${model},"choices":[],"usage":${JSON.stringify(counted)},${ours}}`];
  }

  return (event) => {
    switch (event.kind) {
      case 'text-delta': {
        const { logprobs } = event;
        const measured = logprobs ? JSON.stringify({ content: logprobs.map(logprobOf), refusal: null }) : 'null';
        return [line(`"content":${JSON.stringify(event.text)}`, measured)];
      }
      case 'reasoning-delta':
        return [line(`"reasoning_content":${JSON.stringify(event.text)}`)];
      case 'refusal-delta':
        return [line(`"refusal":${JSON.stringify(event.text)}`)];
      case 'tool-call-delta': {
        const { index, id, name } = event;
        const first = id === undefined ? {} : { id, type: 'function' };
        const call = {
          index,
          ...first,
          function: { ...(name === undefined ? {} : { name }), arguments: event.arguments },
        };
        return [line(`"tool_calls":[${JSON.stringify(call)}]`)];
      }
      case 'sentence-start': {
        const transcript = said === '' ? event.text : ` ${event.text}`;
        said += transcript;
        return [line(`"audio":{"id":"${audioId}","transcript":${JSON.stringify(transcript)}}`)];
      }
      case 'speech-chunk':
        return [line(`"audio":{"id":"${audioId}","data":"${pcm16(event.pcm).toString('base64')}"}`)];
      case 'report-made':
        return last(event.report);
      case 'plan-made':
      case 'part-perceived':
      case 'loss-noted':
      case 'media-taken':
      case 'hearing-moved':
      case 'mending-moved':
      case 'part-mended':
        return wishes.showEvents ? [shown(event)] : [];
      default:
        return [];
    }
  };
}
