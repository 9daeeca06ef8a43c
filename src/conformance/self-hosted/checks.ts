import type { Reply } from '../reply.ts';
import { check } from '../server.ts';

type Json = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Base64 in the standard alphabet, padded, without anything before it. */
export function checkBase64(data: unknown, what: string, reply?: Reply): asserts data is string {
  const isBase64 =
    typeof data === 'string' && data !== '' && data.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(data);
  check(isBase64, `${what}: not base64`, reply);
}

/** A data URL of this kind of medium. */
export function checkDataUrl(url: unknown, kind: string, reply?: Reply): void {
  const [, mime = '', data] = /^data:([\w.+/-]+);base64,(.*)$/s.exec(typeof url === 'string' ? url : '') ?? [];
  check(mime.startsWith(`${kind}/`), `${kind}_url: no data URL of ${kind}`, reply);
  checkBase64(data, `${kind}_url`, reply);
}

/** The messages of a request, each with a role and something said. */
export function messagesOf(body: Json): readonly Json[] {
  const { messages } = body;
  check(Array.isArray(messages) && messages.length > 0, 'messages');
  for (const message of messages) {
    check(isObject(message) && ['system', 'user', 'assistant', 'tool'].includes(String(message.role)), 'role');
    check(typeof message.content === 'string' || Array.isArray(message.content) || message.content === null, 'content');
  }
  return messages;
}

/** The parts of a request's messages that are not text. */
export function mediaOf(messages: readonly Json[]): readonly Json[] {
  const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  for (const part of parts) check(isObject(part) && typeof part.type === 'string', 'a part without a type');
  return parts.filter((part) => part.type !== 'text');
}
