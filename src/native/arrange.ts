import type { Known, ModelRules } from '#contract/capabilities.ts';
import type { ChatMessage, ContentPart } from '#contract/chat.ts';
import { type Loss, lossOf } from '#contract/loss.ts';

type Note = (loss: Loss) => void;

/**
 * Lays messages out as a model insists on: documents apart from pictures and videos, no system message where it speaks, one
 * kind of media in a message. What changes is noted; `speaks` is whether the answer is to be sound. Rules nobody knows
 * count as none.
 */
export function arrange(
  messages: readonly ChatMessage[],
  rules: ModelRules | undefined,
  speaks: boolean,
  note: Note,
): readonly ChatMessage[] {
  const isFalse = (known: Known | undefined) => known === false;
  const apart = isFalse(rules?.documentsBesideMedia) ? withoutDocuments(messages, note) : messages;
  const spoken = speaks && isFalse(rules?.systemWhenSpeaking) ? withoutSystem(apart, note) : apart;
  return rules?.oneKindPerMessage === true ? spoken.flatMap((message) => oneKindEach(message, note)) : spoken;
}

const kindOf = (part: ContentPart) => (part.kind === 'media' ? part.media.media.kind : 'text');

function partsOf({ content }: ChatMessage): readonly ContentPart[] {
  return typeof content === 'string' ? [{ kind: 'text', text: content }] : content;
}

/** Pictures and videos cannot become words here and documents often can elsewhere, so it is the documents that go. */
function withoutDocuments(messages: readonly ChatMessage[], note: Note): readonly ChatMessage[] {
  const parts = messages.flatMap(partsOf);
  const seen = parts.find((part) => kindOf(part) === 'image' || kindOf(part) === 'video');
  if (seen?.kind !== 'media' || !parts.some((part) => kindOf(part) === 'document')) return messages;
  for (const part of parts) {
    if (part.kind !== 'media' || part.media.media.kind !== 'document') continue;
    const message = `${part.media.media.name} did not reach the model, which takes no document beside a picture or a video; ${seen.media.media.name} is one.`;
    note(lossOf({ kind: 'media-dropped', stage: 'native', part: part.media.media.part, message, action: 'left out' }));
  }
  return messages.flatMap((message) => {
    if (typeof message.content === 'string') return [message];
    const content = message.content.filter((part) => kindOf(part) !== 'document');
    if (content.length === message.content.length) return [message];
    return content.length === 0 ? [] : [{ ...message, content }];
  });
}

function withoutSystem(messages: readonly ChatMessage[], note: Note): readonly ChatMessage[] {
  const text = messages
    .filter(({ role }) => role === 'system')
    .flatMap(partsOf)
    .flatMap((part) => (part.kind === 'text' && part.text !== '' ? [part.text] : []))
    .join('\n\n');
  const others = messages.filter(({ role }) => role !== 'system');
  if (others.length === messages.length) return messages;
  const message = 'The model takes no system message when it speaks; its words stand before the first message instead.';
  note(lossOf({ kind: 'rearranged', stage: 'native', message, before: 'system message', after: 'user message' }));
  if (text === '') return others;
  const first = others.findIndex(({ role }) => role === 'user');
  const user = others[first];
  if (!user) return [{ role: 'user', content: text }, ...others];
  const content: ChatMessage['content'] =
    typeof user.content === 'string'
      ? `${text}\n\n${user.content}`
      : [{ kind: 'text', text: `${text}\n\n` }, ...user.content];
  return others.with(first, { ...user, content });
}

/** One message for each kind of media, in the order they come; the words stay together, with the last. */
function oneKindEach(message: ChatMessage, note: Note): ChatMessage[] {
  if (message.role !== 'user' || typeof message.content === 'string') return [message];
  const { content } = message;
  const kinds = [...new Set(content.map(kindOf))].filter((kind) => kind !== 'text');
  const last = kinds.pop();
  if (kinds.length === 0) return [message];
  const first = kinds.map((kind) => ({ ...message, content: content.filter((part) => kindOf(part) === kind) }));
  const rest = content.filter((part) => part.kind === 'text' || kindOf(part) === last);
  const named = [...kinds, last].join(', ');
  note(
    lossOf({
      kind: 'rearranged',
      stage: 'native',
      message: `The model takes one kind of media in a message, so one with ${named} became ${kinds.length + 1}.`,
      before: `1 message: ${named}`,
      after: `${kinds.length + 1} messages`,
    }),
  );
  return [...first, { ...message, content: rest }];
}
