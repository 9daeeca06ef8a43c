import type { IncomingMessage } from 'node:http';
import { badField, Refusal } from './refusal.ts';

/** A JSON object from outside. */
export type Body = Readonly<Record<string, unknown>>;

/** The base64 of 8,192 rows of 4,096 as float32, and words beside them. */
const MOST_BYTES = 192 * 1024 * 1024;

/** A request's body as a JSON object. Throws a `Refusal`. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const tooLarge = () => new Refusal(413, `The body is larger than ${MOST_BYTES} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooLarge();
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > MOST_BYTES) throw tooLarge();
    pieces.push(piece);
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw new Refusal(400, 'The body is no JSON.');
  }
  if (!isObject(json)) throw new Refusal(400, 'The body is no JSON object.');
  return json;
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number between two others; `usual` where it is not there. */
export function numberIn(body: Body, name: string, [least, most]: readonly [number, number], usual: number): number {
  const value = body[name] ?? usual;
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw badField(name, `must be a number from ${least} to ${most}.`);
}

/** A whole number between two others; `null` where it is not there. */
export function wholeIn(body: Body, name: string, [least, most]: readonly [number, number]): number | null {
  const value = body[name] ?? null;
  if (value === null) return null;
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  throw badField(name, `must be a whole number from ${least} to ${most}.`);
}

/** Texts to stop at: none, one or a few. */
export function stopsOf(body: Body): readonly string[] {
  const given = body.stop ?? [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const texts = list.filter((one): one is string => typeof one === 'string' && one !== '');
  if (texts.length !== list.length || list.length > MOST_STOPS) {
    throw badField('stop', `must be a text, or up to ${MOST_STOPS} of them, none empty.`);
  }
  return texts;
}

const MOST_STOPS = 64;

/** Refuses what this server does not heed, unless it says what is done anyway. */
export function mustNotAsk(body: Body, usual: Readonly<Record<string, readonly unknown[]>>): void {
  for (const [name, harmless] of Object.entries(usual)) {
    const value = body[name];
    if (value === undefined || value === null || harmless.includes(value)) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    throw badField(name, 'is not supported by this engine.');
  }
}

/** Fields that would change the answer and are not heeded, each with the values that change nothing. */
export const UNHEEDED: Readonly<Record<string, readonly unknown[]>> = {
  n: [1],
  best_of: [1],
  echo: [false],
  prompt_logprobs: [],
  suffix: [''],
  frequency_penalty: [0],
  presence_penalty: [0],
  repetition_penalty: [1],
  logit_bias: [],
  min_p: [0],
  top_k: [0, -1],
  min_tokens: [0],
  ignore_eos: [false],
  use_beam_search: [false],
  structured_outputs: [],
  guided_json: [],
};
