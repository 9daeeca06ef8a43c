import { Busy, Killed, type Target, Wrong } from './task.ts';

const DEATHS: ReadonlySet<string> = new Set(['runtime.worker-died', 'runtime.worker-died-twice']);

/** Sends JSON. */
export function postJson(target: Target, path: string, body: object, headers: Record<string, string> = {}) {
  return fetch(target.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: target.signal,
  });
}

/** Sends a form with a file. */
export function postForm(target: Target, path: string, file: Uint8Array, fields: Readonly<Record<string, string>>) {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(file)]), 'sound.wav');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return fetch(target.url + path, { method: 'POST', body: form, signal: target.signal });
}

/** Passes an answer on that has begun well; throws what the server says of itself otherwise. */
export async function good(reply: Response): Promise<Response> {
  if (reply.status === 200) return reply;
  const text = await reply.text();
  const code = codeIn(text);
  if (reply.status === 429) {
    if (reply.headers.get('retry-after') === null) throw new Wrong('429 without Retry-After');
    throw new Busy();
  }
  if (DEATHS.has(code)) throw new Killed(code);
  throw new Wrong(`${reply.status} ${code}: ${text.slice(0, 200)}`);
}

/** The objects of an event stream; one that breaks off throws what it says of the reason. `end` is its last line. */
export async function events<T>(reply: Response, end?: string): Promise<T[]> {
  const lines = (await (await good(reply)).text()).split('\n').filter((line) => line.startsWith('data: '));
  const data = lines.map((line) => line.slice('data: '.length));
  const broken = data.find((line) => line.startsWith('{"error"'));
  if (broken !== undefined) {
    const code = codeIn(broken);
    if (DEATHS.has(code)) throw new Killed(code);
    if (code === 'runtime.busy') throw new Busy();
    throw new Wrong(`stream broken off: ${broken.slice(0, 200)}`);
  }
  if (end !== undefined && data.at(-1) !== end) throw new Wrong(`a stream that does not end with ${end}`);
  return data.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

/** Our own code of an error, from its body. */
export function codeIn(body: string): string {
  try {
    const { error } = JSON.parse(body);
    return error.sensorium?.code ?? error.code ?? 'none';
  } catch {
    return 'none';
  }
}

/** Throws when something is not so. */
export function must(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Wrong(otherwise);
}

/** Checks a value against the first of its kind, or becomes the first. */
export function same(target: Target, kind: string, value: unknown, isLike: (a: never, b: never) => boolean): void {
  const first = target.first.get(kind);
  if (first === undefined) target.first.set(kind, value);
  else must(isLike(first as never, value as never), `${kind} is not as it was at first`);
}
