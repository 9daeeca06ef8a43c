import type { Reply } from '../reply.ts';

/** Server-sent events as the native API writes them. `bare` is without what nobody has verified. */
export function nativeEvents(messages: readonly object[], bare: boolean): Reply {
  const pieces = messages.map((message, index) => {
    const head = bare ? '' : `id:${index + 1}\nevent:result\n:HTTP_STATUS/200\n`;
    return `${head}data:${JSON.stringify(message)}\n\n`;
  });
  return { headers: { 'content-type': 'text/event-stream;charset=UTF-8' }, pieces };
}
