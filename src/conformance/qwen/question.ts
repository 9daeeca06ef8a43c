import { check } from '../server.ts';
import { heardSentence, listen, seenSentence, watchedSentence } from './listen.ts';
import { type Family, takesOneKind } from './models.ts';
import { badParameter } from './refusals.ts';

type Json = Readonly<Record<string, unknown>>;

const ROLES: ReadonlySet<unknown> = new Set(['system', 'user', 'assistant', 'tool']);

/** Reads a conversation as the compatible API takes it, and says in sentences what media it held. */
export function readMessages(messages: unknown, model: string, family: Family): string[] {
  check(Array.isArray(messages) && messages.length > 0, 'messages');
  const said: string[] = [];
  for (const { role, content, tool_calls: calls } of messages as Json[]) {
    check(ROLES.has(role), `messages: role ${String(role)}`);
    if (role !== 'user') {
      const isWords = typeof content === 'string' || (content === null && Array.isArray(calls));
      check(isWords, `messages: content of ${String(role)} is not text`, badParameter('The content is invalid.'));
      continue;
    }
    if (typeof content === 'string') continue;
    check(Array.isArray(content) && content.length > 0, 'messages: content of user');
    const kinds = new Set<unknown>();
    for (const part of content as Json[]) {
      if (part.type !== 'text') kinds.add(part.type);
      const sentence = readPart(part, family);
      if (sentence !== null) said.push(sentence);
    }
    check(
      kinds.size <= 1 || !takesOneKind(model),
      `messages: ${[...kinds].join(' and ')} in one message`,
      badParameter('Multimodal inputs of more than one kind are not supported in one message.'),
    );
  }
  return said;
}

function readPart(part: Json, family: Family): string | null {
  if (part.type === 'text') {
    check(typeof part.text === 'string', 'text part');
    return null;
  }
  const hears = family === 'omni';
  const sees = hears || family === 'vision';
  switch (part.type) {
    case 'image_url':
      check(sees, `an image for a model of ${family}`, badParameter('The model takes no images.'));
      check(
        Object.keys(part.image_url ?? {}).join() === 'url',
        `image_url: ${Object.keys(part.image_url ?? {}).join()}`,
      );
      return seenSentence((part.image_url as Json | undefined)?.url);
    case 'video_url':
      check(sees, `a video for a model of ${family}`, badParameter('The model takes no videos.'));
      return watchedSentence((part.video_url as Json | undefined)?.url);
    case 'input_audio': {
      check(hears, `sound for a model of ${family}`, badParameter('The model takes no audio.'));
      const { data, format } = (part.input_audio ?? {}) as Json;
      check(typeof format === 'string', 'input_audio.format');
      return heardSentence(listen(data, format));
    }
    default:
      check(false, `a part of type ${String(part.type)}`, badParameter('Unknown part.'));
  }
}

const RANGES: Readonly<Record<string, (value: number) => boolean>> = {
  temperature: (value) => value >= 0 && value < 2,
  top_p: (value) => value > 0 && value <= 1,
  presence_penalty: (value) => value >= -2 && value <= 2,
  n: (value) => Number.isInteger(value) && value >= 1 && value <= 4,
  top_logprobs: (value) => Number.isInteger(value) && value >= 0 && value <= 5,
};

/** Checks the numbers among the options. */
export function checkRanges(body: Json): void {
  for (const [name, holds] of Object.entries(RANGES)) {
    const value = body[name];
    if (value === undefined) continue;
    check(
      typeof value === 'number' && holds(value),
      `${name}: ${String(value)}`,
      badParameter(`${name} is out of range.`),
    );
  }
}
