import type { ChatMessage } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { wordsOf } from '../../question.ts';

/** One entry of `payload.message.text`; a picture is base64 in its `content`. */
export interface Entry {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  readonly content_type?: 'image';
}

export interface Told {
  readonly entries: readonly Entry[];
  /** Words of system messages had to be put into the first question. */
  readonly systemMoved: boolean;
}

/**
 * A conversation as Spark's sockets take it: the picture before all words, calls of functions and their results told in
 * words, since this wire has no place for them. Throws `ask.refused` for more than one picture.
 */
export async function entriesOf(
  messages: readonly ChatMessage[],
  { takesSystem }: { readonly takesSystem: boolean },
): Promise<Told> {
  const called = new Map(
    messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id, name }) => [id, name] as const)),
  );
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => wordsOf(content));
  const talk = messages.filter(({ role }) => role !== 'system').map((message) => entryOf(message, called));
  const picture = await pictureIn(messages);
  const moved = !takesSystem && system.length > 0;
  const first = talk.findIndex(({ role }) => role === 'user');
  const entries = talk.map((entry, at) =>
    moved && at === first ? { ...entry, content: [...system, entry.content].join('\n\n') } : entry,
  );
  const before = takesSystem ? system.map((content): Entry => ({ role: 'system', content })) : [];
  // The sockets refuse an entry without words.
  const said = [...before, ...entries].filter(({ content }) => content !== '');
  return { entries: [...picture, ...said], systemMoved: moved };
}

function entryOf(message: ChatMessage, called: ReadonlyMap<string, string>): Entry {
  const words = wordsOf(message.content);
  if (message.role === 'tool') {
    const name = called.get(message.toolCallId ?? '') ?? 'the call';
    return { role: 'user', content: `The result of ${name} is: ${words}` };
  }
  const calls = (message.toolCalls ?? []).map((call) => `I call ${call.name} with ${call.arguments || '{}'}.`);
  const content = [...(words === '' ? [] : [words]), ...calls].join('\n');
  return { role: message.role === 'assistant' ? 'assistant' : 'user', content };
}

async function pictureIn(messages: readonly ChatMessage[]): Promise<Entry[]> {
  const media = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.flatMap((part) => (part.kind === 'media' ? [part.media] : [])),
  );
  const [picture, second] = media;
  if (picture === undefined) return [];
  if (second === undefined)
    return [{ role: 'user', content: Buffer.from(await picture.bytes()).toString('base64'), content_type: 'image' }];
  throw new SensoriumError('ask.refused', 'This model looks at one picture in a conversation, and there are more.', {
    hint: 'Leave all but one away, or use a model that takes several.',
    details: { part: second.media.part },
  });
}
