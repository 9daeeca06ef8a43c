import { createHash } from 'node:crypto';
import type { AskRequest } from '#contract/chat.ts';
import type { MediaKind, MediaPart } from '#contract/media.ts';
import { mediaPart } from '../../src/ask/__fixtures__/media.ts';
import type { Request, Running } from '../../src/conformance/server.ts';

/** A medium of a type, with bytes of its own and their true hash. */
export function medium(mimeType: string, content = `bytes of ${mimeType}`, part = 'part-1'): MediaPart {
  const bytes = Buffer.from(content);
  const [kind] = mimeType.split('/') as [MediaKind];
  const made = mediaPart(kind, mimeType, bytes);
  return { ...made, media: { ...made.media, part, sha256: createHash('sha256').update(bytes).digest('hex') } };
}

/** A question about media. */
export function about(...media: readonly MediaPart[]): AskRequest {
  const parts = media.map((one) => ({ kind: 'media' as const, media: one }));
  return { messages: [{ role: 'user', content: [...parts, { kind: 'text', text: 'What is in it? 画面里有什么？' }] }] };
}

/** The request that came last. */
export function lastSeen({ seen }: Running): Request {
  const last = seen.at(-1);
  if (!last) throw new Error('Nothing was asked.');
  return last;
}
