import { check, type Request, type Running } from '../server.ts';
import { refusal } from './errors.ts';
import { checkParts, type Medium } from './parts.ts';

const TEXT = /^glm-(?:5(?:\.[12]|-turbo)?|4\.7(?:-flashx?)?|4\.6|4\.5(?:-air|-airx|-flash)?|4-flashx?-250414)$/;
const VISION =
  /^(?:glm-(?:5v-turbo|4\.6v(?:-flashx?)?|4\.5v|4\.1v-thinking-flashx?|4v-flash|4v-plus-0111)|autoglm-phone)$/;
const VOICE = /^glm-4-voice$/;

const COMMON = ['model', 'messages', 'stream', 'do_sample', 'temperature', 'top_p', 'max_tokens', 'stop'];
const IDS = ['request_id', 'user_id'];
/** What each kind of model takes besides. */
const FIELDS = {
  text: ['thinking', 'reasoning_effort', 'tool_stream', 'tools', 'tool_choice', 'response_format'],
  vision: ['thinking', 'tools', 'tool_choice'],
  voice: ['watermark_enabled'],
} as const;

/** A question that Zhipu would take. */
export interface Question {
  readonly model: string;
  readonly kind: keyof typeof FIELDS;
  readonly stream: boolean;
  readonly media: readonly Medium[];
  readonly tools: boolean;
}

/** Checks a chat request by Zhipu’s description of 2026-07-11; a field that is not in it counts as a fault. */
export function checkQuestion(request: Request, { switchedOn }: Running): Question {
  check(request.headers['content-type'] === 'application/json', 'content-type', refusal(1210));
  const body = request.json();
  const { model, messages, stream } = body;
  check(typeof model === 'string', 'model', refusal(1213));
  const kind = kindOf(model);
  check(kind !== null, `a model called ${model}`, refusal(1211));
  const known: readonly string[] = [...COMMON, ...IDS, ...FIELDS[kind]];
  for (const field of Object.keys(body)) check(known.includes(field), `the field ${field}`, refusal(1210));
  check(stream === undefined || typeof stream === 'boolean', 'stream', refusal(1210));
  checkSampling(body, kind);
  const format = body.response_format as { type?: unknown } | undefined;
  check(
    format === undefined || ['text', 'json_object'].includes(String(format.type)),
    'response_format',
    refusal(1210),
  );
  check(body.tool_choice === undefined || body.tool_choice === 'auto', 'tool_choice', refusal(1210));
  return {
    model,
    kind,
    stream: stream === true,
    media: mediaIn(messages, model, switchedOn),
    tools: body.tools !== undefined,
  };
}

function kindOf(model: string): Question['kind'] | null {
  if (VOICE.test(model)) return 'voice';
  if (VISION.test(model)) return 'vision';
  return TEXT.test(model) ? 'text' : null;
}

function checkSampling(body: Readonly<Record<string, unknown>>, kind: Question['kind']): void {
  const within = (field: string, least: number, most: number) => {
    const value = body[field];
    check(
      value === undefined || (typeof value === 'number' && value >= least && value <= most),
      `${field} ${value}`,
      refusal(1210),
    );
  };
  within('temperature', 0, 1);
  within('top_p', 0.01, 1);
  within('max_tokens', 1, kind === 'voice' ? 4096 : 131_072);
  const { stop } = body;
  check(stop === undefined || (Array.isArray(stop) && stop.length === 1), 'stop', refusal(1210));
  for (const [field, most] of [
    ['request_id', 64],
    ['user_id', 128],
  ] as const) {
    const id = body[field];
    check(id === undefined || (typeof id === 'string' && id.length >= 6 && id.length <= most), field, refusal(1210));
  }
}

function mediaIn(messages: unknown, model: string, switchedOn: Running['switchedOn']): readonly Medium[] {
  check(Array.isArray(messages) && messages.length > 0, 'messages', refusal(1213));
  check(
    messages.some(({ role }) => role === 'user'),
    'a conversation in which no user says anything',
    refusal(1214),
  );
  return messages.flatMap(({ role, content, tool_calls }) => {
    check(['system', 'user', 'assistant', 'tool'].includes(role), `a ${role}`, refusal(1214));
    if (Array.isArray(content)) {
      check(role === 'user', `a list of parts from a ${role}`, refusal(1214));
      return checkParts(content, { model, switchedOn });
    }
    const called = role === 'assistant' && Array.isArray(tool_calls);
    check(typeof content === 'string' || called, `no content from a ${role}`, refusal(1214));
    return [];
  });
}
