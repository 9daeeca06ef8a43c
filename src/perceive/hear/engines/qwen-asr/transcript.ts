import type { ServerHeard } from '../remote/recogniser.ts';

type Json = Readonly<Record<string, unknown>>;

/** The transcript in the messages of an answer, in one piece or streamed; `null` where none of them is one. */
export function readTranscript(messages: readonly unknown[]): ServerHeard | null {
  let text = '';
  let notes: Json = {};
  let isTranscript = false;
  for (const said of messages.flatMap(choicesOf)) {
    isTranscript = true;
    text += typeof said.content === 'string' ? said.content : '';
    const [info] = Array.isArray(said.annotations) ? said.annotations : [];
    if (info) notes = info as Json;
  }
  if (!isTranscript) return null;
  const { language, emotion } = notes;
  return {
    text,
    language: typeof language === 'string' && language !== '' ? language : undefined,
    // It says which, and not how surely.
    emotion: typeof emotion === 'string' && emotion !== '' ? { label: emotion, probability: null } : undefined,
  };
}

function choicesOf(message: unknown): Json[] {
  const { choices } = (message ?? {}) as { choices?: unknown };
  const [first] = Array.isArray(choices) ? (choices as { message?: Json; delta?: Json }[]) : [];
  const said = first?.message ?? first?.delta;
  return said ? [said] : [];
}
