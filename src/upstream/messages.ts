import { SensoriumError } from '#contract/error.ts';
import type { HttpReply } from '#kit/http.ts';
import { connectionError, type Peer, refusalError, refusalIn } from './errors.ts';
import { lineReader } from './lines.ts';

/**
 * The JSON messages of a reply, streamed or in one piece. `isLast` knows the message that ends a stream without `[DONE]`. Throws the refusal that one of them is, what broke the reply off,
 * and `….upstream-failed` for a stream without the mark that ends it.
 */
export async function* messagesOf(
  reply: HttpReply,
  peer: Peer,
  signal: AbortSignal,
  isLast: (message: unknown) => boolean = () => false,
): AsyncGenerator<unknown> {
  const reader = lineReader(peer);
  let complete = false;
  try {
    for (let ended = false; !complete && !ended; ) {
      const bytes = await reply.body.next();
      ended = bytes === null;
      for (const line of bytes === null ? reader.end() : reader.push(bytes)) {
        if (line.kind === 'broken') throw line.error;
        complete = line.kind === 'done';
        if (line.kind === 'done') break;
        const refusal = refusalIn(null, line.json);
        if (refusal) throw refusalError(refusal, peer);
        yield line.json;
        complete = isLast(line.json);
        if (complete) break;
      }
    }
  } catch (thrown) {
    throw connectionError(thrown, 'answering', peer, signal);
  } finally {
    if (!complete) reply.body.destroy();
    else if (!reply.body.complete) reply.body.discard();
  }
  if (complete) return;
  throw new SensoriumError(`${peer.stage}.upstream-failed`, `${peer.host} ended its answer in the middle.`, {
    hint: 'Ask again; if it stays so, look at the server.',
    details: { host: peer.host, model: peer.model },
  });
}
