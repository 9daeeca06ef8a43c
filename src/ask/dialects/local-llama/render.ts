import type { ChatMessage } from '#contract/ports.ts';
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

/** A conversation as the library takes it, open for the model's answer. */
export function historyOf(messages: readonly ChatMessage[]): ChatHistoryItem[] {
  const items = messages.map((message): ChatHistoryItem => {
    const { role } = message;
    const content = wordsOf(message.content);
    if (role === 'system') return { type: 'system', text: content };
    if (role === 'user') return { type: 'user', text: content };
    return { type: 'model', response: [content] };
  });
  return [...items, { type: 'model', response: [] }];
}
