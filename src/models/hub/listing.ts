import { z } from 'zod';
import { SensoriumError } from '#contract/error.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { type HttpReply, request } from '#kit/http.ts';
import { type ModelStoreSettings, SOURCE_TIMEOUTS } from '../settings.ts';
import { errorCode } from '../sources/reach.ts';

const MAX_BYTES = 16 * 2 ** 20;
const MAX_REDIRECTS = 3;

// What huggingface.co/docs/hub/api says of GET /api/models/{repository}/revision/{revision}?blobs=true, as far as it is used.
const file = z.object({
  rfilename: z.string(),
  size: z.int().nonnegative(),
  blobId: z.string().regex(/^[0-9a-f]{40}$/),
  lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().nonnegative() }).nullish(),
});
const listing = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(file),
  cardData: z
    .object({ license: z.string(), language: z.union([z.string(), z.array(z.string())]) })
    .partial()
    .nullish()
    .catch(null),
});

/** A file in a repository. A large one is known by its SHA-256, a small one by git's own hash only. */
export type HubFile = z.infer<typeof file>;
/** What a repository holds at one commit, `sha`. */
export type HubListing = z.infer<typeof listing>;

/**
 * Asks a hub what a repository holds at a revision. Throws `models.offline`, `models.unreachable`, or `models.unknown-model`
 * when there is no such repository for this user.
 */
export async function listRepository(
  repository: string,
  revision: string,
  settings: ModelStoreSettings,
  signal: AbortSignal,
): Promise<HubListing> {
  const endpoint = settings.hf.endpoint.replace(/\/+$/, '');
  if (settings.offline) {
    throw new SensoriumError('models.offline', `${repository} cannot be looked up: the network is forbidden.`, {
      hint: 'Do it where the network is allowed, and bring the entry along: it is a JSON file in the catalogue folder.',
    });
  }
  const first = new URL(`${endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`);
  const reply = await follow(first, settings, signal);
  if ([401, 403, 404].includes(reply.status)) {
    reply.body.destroy();
    throw new SensoriumError(
      'models.unknown-model',
      `${first.host} shows no model ${repository} at ${revision} (HTTP ${reply.status}).`,
      { hint: 'Check the name; one that is not open to all needs HF_TOKEN.' },
    );
  }
  if (reply.status !== 200) {
    reply.body.destroy();
    throw unreachable(first, `answered HTTP ${reply.status}`);
  }
  const checked = listing.safeParse(await jsonOf(reply, first));
  if (!checked.success) throw unreachable(first, `sent no listing: ${z.prettifyError(checked.error)}`);
  return checked.data;
}

// A repository that was given another name is found by its old one, on the same host.
async function follow(first: URL, settings: ModelStoreSettings, signal: AbortSignal): Promise<HttpReply> {
  let address = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const reply = await send(address, settings, signal);
    const to = reply.status >= 300 && reply.status < 400 ? reply.headers.location : undefined;
    if (!to) return reply;
    reply.body.destroy();
    address = new URL(to, address);
    if (address.origin !== first.origin) throw unreachable(first, `points to another host, ${address.host}`);
  }
  throw unreachable(first, 'redirects without end');
}

async function send(address: URL, { hf, timeouts }: ModelStoreSettings, signal: AbortSignal): Promise<HttpReply> {
  const patience = { ...SOURCE_TIMEOUTS, ...timeouts };
  try {
    return await request(address, {
      headers: { accept: 'application/json', ...(hf.token ? { authorization: `Bearer ${hf.token}` } : {}) },
      signal,
      connectTimeoutMs: patience.connectMs,
      headTimeoutMs: patience.headMs,
      stallTimeoutMs: patience.stallMs,
    });
  } catch (error) {
    throwIfCancelled(signal);
    throw unreachable(address, `cannot be reached (${errorCode(error) || error})`);
  }
}

async function jsonOf(reply: HttpReply, address: URL): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of reply.body) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw unreachable(address, `sent more than ${MAX_BYTES / 2 ** 20} MiB`);
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    if (error instanceof SensoriumError) throw error;
    throw unreachable(address, `sent no whole answer (${error instanceof Error ? error.message : error})`);
  } finally {
    reply.body.destroy();
  }
}

function unreachable({ host }: URL, why: string): SensoriumError {
  return new SensoriumError('models.unreachable', `The hub at ${host} ${why}.`, {
    hint: 'Check the network, or name another hub with HF_ENDPOINT.',
  });
}
