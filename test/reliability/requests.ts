import { wavFile } from '../../src/media/__fixtures__/wav.ts';

/** Sends JSON. */
export function post(
  url: string,
  body: object,
  options: { readonly signal?: AbortSignal; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...options.headers };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: options.signal ?? null });
}

/** A chat with one question. */
export const question = (content: unknown, more: object = {}) => ({ messages: [{ role: 'user', content }], ...more });

/** A second of a tone, as a file. */
export function tone(): Buffer {
  const data = Buffer.alloc(32_000);
  for (let at = 0; at < 16_000; at++) data.writeInt16LE(Math.round(9_000 * Math.sin(at / 6)), at * 2);
  return wavFile(data);
}

export const audioPart = (bytes: Buffer) => ({
  type: 'input_audio',
  input_audio: { data: bytes.toString('base64'), format: 'wav' },
});

/** A form for `/v1/audio/transcriptions`. */
export function formWith(bytes: Uint8Array, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(bytes)], { type: 'audio/wav' }), 'sound.wav');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

/** The objects of an event stream, the closing `[DONE]` left out. */
export async function eventsOf(reply: Response): Promise<Record<string, unknown>[]> {
  return (await reply.text())
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)));
}

/** What the server says an error is. */
export async function errorOf(
  reply: Response,
): Promise<{ message: string; code: string; sensorium: { code: string } }> {
  return ((await reply.json()) as { error: never }).error;
}

/** A figure of `/metrics`; 0 where nothing was counted yet. */
export async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ')));
}
