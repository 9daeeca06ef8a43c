import type { ChatMessage } from '#contract/chat.ts';
import { type ChatHistoryItem, type ChatWrapper, type LlamaModel, loadLlama } from '#runtime/llama.ts';
import { wordsOf } from '../../question.ts';

/**
 * The model's own chat template from its GGUF file; the library's guess when it has none that works. The template comes
 * first because the guesses are only near: for SmolLM2 the guess opens the conversation twice.
 */
export async function chatTemplate(model: LlamaModel): Promise<ChatWrapper> {
  const { resolveChatWrapper, GeneralChatWrapper } = await loadLlama();
  const own = model.fileInfo.metadata.tokenizer?.chat_template;
  return (
    (own ? resolveChatWrapper(model, { type: 'jinjaTemplate', warningLogs: false }) : null) ??
    resolveChatWrapper(model, { warningLogs: false }) ??
    new GeneralChatWrapper()
  );
}

/**
 * A conversation as the library takes it, open for the model's answer. Calls of functions and their results are told in
 * words: by trial, a small model that sees marks of calls makes more of them instead of answering.
 */
export function historyOf(messages: readonly ChatMessage[]): ChatHistoryItem[] {
  const called = new Map(
    messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id, name }) => [id, name] as const)),
  );
  const items: ChatHistoryItem[] = [];
  for (const message of messages) {
    const content = wordsOf(message.content);
    const last = items.at(-1);
    if (message.role === 'system') items.push({ type: 'system', text: content });
    else if (message.role === 'user') items.push({ type: 'user', text: content });
    else if (message.role === 'assistant') items.push({ type: 'model', response: [withCalls(content, message)] });
    else {
      const result = `The result of ${called.get(message.toolCallId ?? '') ?? 'the call'} is: ${content}`;
      // Results of several calls are one turn: many templates know only turns that alternate.
      if (last?.type === 'user') last.text += `\n${result}`;
      else items.push({ type: 'user', text: result });
    }
  }
  return [...items, { type: 'model', response: [] }];
}

function withCalls(content: string, { toolCalls = [] }: ChatMessage): string {
  const calls = toolCalls.map((call) => `I call ${call.name} with ${call.arguments || '{}'}.`);
  return [...(content === '' ? [] : [content]), ...calls].join('\n');
}
