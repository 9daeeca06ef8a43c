import type { CallContext, TextPurpose } from '#contract/ports.ts';
import { type Endpoint, peerAt } from '#upstream/endpoint.ts';
import { connectionError, refusalError, refusalIn } from '#upstream/errors.ts';
import { readWhole } from '#upstream/lines.ts';
import { AGENT, bearer } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import { odd, vectorsOf } from './vectors.ts';
import type { EmbeddingWire, Item } from './wire.ts';

/** A model on somebody else’s server, and how that is spoken to. */
export interface RemoteModel {
  /** As users name it: `jina:jina-clip-v2`. */
  readonly id: string;
  readonly model: string;
  readonly endpoint: Endpoint;
  readonly wire: EmbeddingWire;
  readonly forMedia: boolean;
}

/**
 * Vectors for items of one kind, in as many requests as the server wants, one after the other. `dimensions` is `null` where nobody knows
 * it yet. Throws `embed.*`.
 */
export async function askForVectors(
  remote: RemoteModel,
  items: readonly Item[],
  { purpose, dimensions }: { readonly purpose: TextPurpose | undefined; readonly dimensions: number | null },
  context: CallContext,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  const [first] = items;
  if (!first) return vectors;
  const most = remote.wire.most(remote.model, first.kind, remote.forMedia);
  for (let from = 0; from < items.length; from += most) {
    const some = items.slice(from, from + most);
    vectors.push(
      ...(await askOnce(remote, some, { purpose, dimensions: dimensions ?? vectors[0]?.length ?? null }, context)),
    );
  }
  return vectors;
}

async function askOnce(
  { model, endpoint, wire, forMedia }: RemoteModel,
  items: readonly Item[],
  { purpose, dimensions }: { readonly purpose: TextPurpose | undefined; readonly dimensions: number | null },
  { signal, spent }: CallContext,
): Promise<Float32Array[]> {
  const { baseUrl, keys } = endpoint;
  const patience = { ...PATIENCE, ...endpoint.patience };
  const peer = peerAt('embed', endpoint, model, wire.classify);
  const { url, body } = wire.request({ model, baseUrl, items, purpose, forMedia });
  const text = JSON.stringify(body);
  const outcome = await send(url, {
    headers: { 'content-type': 'application/json', accept: 'application/json', ...AGENT, ...bearer(keys.apiKey) },
    // A server that cannot make sense of a medium may say so with 500 and be in good health; as bytes it counts as media.
    body: items.some(({ kind }) => kind !== 'text') ? Buffer.from(text) : text,
    peer,
    patience,
    headTimeoutMs: patience.wholeTimeoutMs,
    signal,
  });
  if (outcome.kind === 'refusal') throw outcome.error;
  const lines = await readWhole(outcome.reply, peer).catch((thrown: unknown) => {
    outcome.reply.body.destroy();
    throw connectionError(thrown, 'answering', peer, signal);
  });
  for (const line of lines) {
    if (line.kind === 'broken') throw line.error;
    if (line.kind === 'done') continue;
    const refusal = wire.refusalIn?.(null, line.json) ?? refusalIn(null, line.json);
    if (refusal) throw refusalError(refusal, peer);
    const told = wire.read(line.json);
    if (!told) break;
    const vectors = vectorsOf(told, items.length, dimensions, peer);
    if (told.tokens !== null) spent?.(told.tokens);
    return vectors;
  }
  throw odd(peer, 'something that holds no vectors');
}
