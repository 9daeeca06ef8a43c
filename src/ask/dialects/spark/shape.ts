import { chatRefusal, codeRefusal } from '#upstream/iflytek-codes.ts';
import { readChunk } from '../openai/chunk.ts';
import type { ChatShape } from '../openai/shape.ts';
import { isObject, type Json } from '../openai/usage.ts';
import { chanceOf, mostTokens } from './limits.ts';

/** Fields of OpenAI's that Spark does not document. */
const UNKNOWN = ['seed', 'stop', 'logprobs', 'top_logprobs', 'stream_options', 'parallel_tool_calls'] as const;

/**
 * Where Spark's chat completions over HTTP differ from OpenAI's. Sources: www.xfyun.cn/doc/spark/HTTP and the answers in
 * iFLYTEK-OP/websdk-java `doc/spark/sparkchat.md`, 2025-11-14.
 */
export const SPARK_SHAPE: ChatShape = {
  accepts: () => false,
  changeBody({ body, request, options, leaveOut, change }) {
    delete body.temperature;
    Object.assign(body, chanceOf(request));
    for (const field of UNKNOWN) leaveOut(field);
    if (isObject(body.response_format) && body.response_format.type === 'json_schema') leaveOut('response_format');
    const most = mostTokens(options.model);
    if (Number(body.max_tokens) > most) change('max_tokens', most);
    // Without it a call comes as one object, and of several calls only one.
    if (body.tools !== undefined) body.tool_calls_switch ??= true;
  },
  readChunk: (json) => readChunk(isObject(json) ? withCallsInList(json) : json),
  refusalIn: (status, json) => (isObject(json) ? codeRefusal(status, json) : null),
  classify: chatRefusal,
};

function withCallsInList(json: Json): Json {
  if (!Array.isArray(json.choices)) return json;
  const choices = json.choices.map((choice: unknown) =>
    isObject(choice) ? { ...choice, message: listed(choice.message), delta: listed(choice.delta) } : choice,
  );
  return { ...json, choices };
}

function listed(message: unknown): unknown {
  if (!isObject(message) || !isObject(message.tool_calls)) return message;
  return { ...message, tool_calls: [{ index: 0, ...message.tool_calls }] };
}
