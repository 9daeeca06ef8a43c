import { isSensoriumError } from '#contract/error.ts';
import { diskFull, unknownSpace, unreachable, unusable } from '../remote/errors.ts';

/** What a call of Milvus ended with: `error_code` in older servers, `code` in newer ones. */
interface Status {
  readonly error_code?: string | number | undefined;
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
}

/** gRPC’s own: deadline exceeded, resource exhausted, unavailable, unauthenticated, permission denied. */
const LATE = 4;
const EXHAUSTED = 8;
const UNAVAILABLE = 14;
const REFUSED = new Set([7, 16]);

/** A refusal that Milvus put in an answer. */
export class MilvusRefusal extends Error {}

/** The answer, where Milvus says that it did what it was asked. An answer without a status comes from a server that does not know the call. */
export function accepted<T extends object>(answer: T, call: string): T {
  const status = ('status' in answer ? answer.status : answer) as Status | undefined;
  const code = status?.code || status?.error_code;
  if (status === undefined || (status.code === undefined && status.error_code === undefined)) {
    throw new MilvusRefusal(`it does not know ${call}`);
  }
  if (code !== undefined && code !== 0 && code !== 'Success')
    throw new MilvusRefusal(status.reason || `${call}: ${code}`);
  return answer;
}

/** What a failure means. Its words may hold names of ours, so the cause keeps them and the message does not. */
export function translated(thrown: unknown, where: string, space: string | null): unknown {
  if (isSensoriumError(thrown)) return thrown;
  const { error_code, reason } = (thrown ?? {}) as Status;
  // Some calls of the client throw the server’s status itself, whose codes are not gRPC’s.
  if (error_code !== undefined) return translated(new MilvusRefusal(reason || String(error_code)), where, space);
  const { code } = thrown as { code?: unknown };
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === UNAVAILABLE) return unreachable(where, 'nobody answers', thrown);
  if (code === LATE) return unreachable(where, 'it took too long', thrown);
  if (REFUSED.has(Number(code)) || /auth check failure|unauthenticated|permission deny/i.test(words)) {
    return unusable(
      where,
      'it refused the key',
      'Set store.apiKey to user:password, or to a key of Zilliz Cloud.',
      thrown,
    );
  }
  if (/disk quota|no space left|disk.*exhausted/i.test(words)) return diskFull(where, thrown);
  if (code === EXHAUSTED || /rate limit|quota|memory/i.test(words)) {
    return unreachable(where, 'it has too much to do or no memory left', thrown);
  }
  if (/collection not found|can't find collection|not exist/i.test(words) && space !== null) return unknownSpace(space);
  if (thrown instanceof MilvusRefusal) {
    return unusable(where, 'Milvus refused a call', `It said: ${words.replaceAll(/\s+/g, ' ').slice(0, 200)}`, thrown);
  }
  // What has no code of gRPC’s did not come over the wire.
  return typeof code === 'number' ? unreachable(where, `gRPC ended with code ${code}`, thrown) : thrown;
}
