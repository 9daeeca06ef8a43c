import type { AskRequest, ChatMessage } from '#contract/chat.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import { wordsOf } from '../../question.ts';

/** A request as Ollama takes it, and the options it has no place for, by OpenAI's names. */
export interface OllamaBody {
  readonly body: Readonly<Record<string, unknown>>;
  readonly leftOut: readonly string[];
}

/** Fields of Ollama's own that a caller may add. */
const OWN: ReadonlySet<string> = new Set(['think', 'keep_alive']);

/** A conversation for `/api/chat`. Media go into `images` as bare base64, sound too. Source: ollama's openai/openai.go. */
export function ollamaBody(model: string, request: AskRequest, slots: MediaSlots): OllamaBody {
  const { extra = {}, toolChoice, tools } = request;
  const options = {
    temperature: request.temperature,
    top_p: request.topP,
    num_predict: request.maxTokens,
    seed: request.seed,
    stop: request.stop,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
  };
  const isChosen = toolChoice !== undefined && toolChoice !== 'auto' && toolChoice !== 'none';
  return {
    body: {
      ...Object.fromEntries(Object.entries(extra).filter(([name]) => OWN.has(name))),
      model,
      messages: request.messages.map((message) => wireMessage(message, request.messages, slots)),
      stream: request.stream !== false,
      format: formatOf(request.responseFormat),
      tools: toolChoice === 'none' ? undefined : tools?.map((tool) => ({ type: 'function', function: tool })),
      options: Object.values(options).some((value) => value !== undefined) ? options : undefined,
    },
    leftOut: [
      ...(request.logprobs ? ['logprobs'] : []),
      ...(isChosen ? ['tool_choice'] : []),
      ...(request.speak ? ['speak'] : []),
      ...Object.keys(extra).filter((name) => !OWN.has(name) && extra[name] !== undefined),
    ],
  };
}

function wireMessage(message: ChatMessage, all: readonly ChatMessage[], slots: MediaSlots): object {
  const { role, content, toolCalls, toolCallId } = message;
  const media =
    typeof content === 'string' ? [] : content.flatMap((part) => (part.kind === 'media' ? [part.media] : []));
  return {
    role,
    content: wordsOf(content),
    images: media.length === 0 ? undefined : media.map((part) => slots.hold(part)),
    tool_calls: toolCalls?.map((call) => ({ function: { name: call.name, arguments: parsed(call.arguments) } })),
    tool_name: toolCallId === undefined ? undefined : nameOf(toolCallId, all),
  };
}

/** Ollama knows a call by its function and not by an id. */
function nameOf(id: string, all: readonly ChatMessage[]): string | undefined {
  return all.flatMap(({ toolCalls = [] }) => toolCalls).find((call) => call.id === id)?.name;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function formatOf(format: AskRequest['responseFormat']): unknown {
  if (format?.kind === 'json') return 'json';
  return format?.kind === 'json-schema' ? format.schema : undefined;
}
