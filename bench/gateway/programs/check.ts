import { MODEL, QUESTION, recording, sha256 } from './payload.ts';

interface Part {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly input_audio?: { readonly data?: unknown; readonly format?: unknown };
}

let audio: { readonly length: number; readonly sha256: string } | undefined;

/** What is wrong with a chat completion request the fake upstream was sent, or null when it arrived as it was meant. */
export function whatIsWrong(body: unknown): string | null {
  const { model, messages } = (body ?? {}) as { model?: unknown; messages?: unknown };
  if (model !== MODEL) return `the model is ${JSON.stringify(model)}`;
  if (!Array.isArray(messages)) return 'there are no messages';
  const message = messages.find(({ role }) => role === 'user');
  if (messages.length !== 1 || !message) return `${messages.length} messages arrived instead of the user's one`;
  if (message.content === QUESTION) return null;
  if (!Array.isArray(message.content)) return 'the question is another';
  const parts: readonly Part[] = message.content;
  const [text, ...others] = parts;
  if (text?.type !== 'text' || text.text !== QUESTION) return 'the question is another';
  return others.length === 0 ? null : (others.map(whatIsWrongWithAudio).find((why) => why !== null) ?? null);
}

function whatIsWrongWithAudio({ type, input_audio }: Part): string | null {
  const data = input_audio?.data;
  if (type !== 'input_audio' || typeof data !== 'string') return `a part of type ${JSON.stringify(type)} arrived`;
  if (input_audio?.format !== 'wav') return `the recording arrived as ${JSON.stringify(input_audio?.format)}`;
  if (!audio) {
    const expected = recording().toString('base64');
    audio = { length: expected.length, sha256: sha256(expected) };
  }
  if (data.length !== audio.length) return `the recording arrived with ${data.length} characters`;
  return sha256(data) === audio.sha256 ? null : 'the recording arrived changed';
}
