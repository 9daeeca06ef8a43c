import { request } from '#kit/http.ts';
import { AGENT, addressBelow, bearer } from '#upstream/request.ts';
import { readText } from '#upstream/send.ts';
import { isObject } from './usage.ts';

const MAX_BYTES = 8 * 2 ** 20;

/** The names of the models a server says it has. Throws whatever keeps it from answering with a list. */
export async function listModels(
  { baseUrl, apiKey }: { readonly baseUrl: URL; readonly apiKey: string | null },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const headers = { ...AGENT, ...bearer(apiKey), accept: 'application/json' };
  const reply = await request(addressBelow(baseUrl, 'models'), { headers, signal });
  const text = await readText(reply, MAX_BYTES);
  const json: unknown = JSON.parse(text);
  const rows = isObject(json) && Array.isArray(json.data) ? json.data : null;
  if (reply.status !== 200 || rows === null) throw new Error(`no list of models, but status ${reply.status}`);
  return rows.flatMap((row: unknown) => (isObject(row) && typeof row.id === 'string' && row.id !== '' ? [row.id] : []));
}
