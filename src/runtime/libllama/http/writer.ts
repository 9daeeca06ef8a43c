import { StringDecoder } from 'node:string_decoder';
import type { Engine } from '../engine.ts';
import { generate, type Step, type Writing } from '../generate.ts';
import type { Prompt } from '../prompt.ts';
import { type Body, numberIn, stopsOf, wholeIn } from './body.ts';
import { Refusal } from './refusal.ts';

/** What is written: a piece of text with the tokens that made it, or the end. */
export type Written =
  | { readonly kind: 'piece'; readonly text: string; readonly steps: readonly Step[] }
  | { readonly kind: 'end'; readonly reason: 'stop' | 'length'; readonly tokens: number };

/** How a body wants its answer written. Throws a `Refusal`, also where prompt and answer do not fit, in vLLM's words. */
export function writingOf(
  body: Body,
  prompt: Prompt,
  engine: Engine,
  how: { readonly usualTokens: number; readonly top: number | null },
): Writing & { readonly stops: readonly string[] } {
  const { contextTokens } = engine.model;
  const room = contextTokens - prompt.units.length;
  const wished = wholeIn(body, 'max_completion_tokens', [1, 2 ** 31]) ?? wholeIn(body, 'max_tokens', [1, 2 ** 31]);
  const maxTokens = wished ?? Math.min(room, how.usualTokens);
  if (room < 1 || maxTokens > room) {
    throw new Refusal(
      400,
      `This model's maximum context length is ${contextTokens} tokens. However, you requested ${prompt.units.length + maxTokens} tokens (${prompt.units.length} in the prompt, ${maxTokens} in the completion). Please reduce the length of the prompt or completion.`,
    );
  }
  return {
    ...{ maxTokens, top: how.top, stops: stopsOf(body), seed: wholeIn(body, 'seed', [-(2 ** 53), 2 ** 53]) },
    temperature: numberIn(body, 'temperature', [0, 100], 1),
    topP: numberIn(body, 'top_p', [1e-9, 1], 1),
  };
}

/**
 * Writes after a prompt. Text goes out as soon as it cannot become a text to stop at, and only whole characters; that text itself is
 * not part of the answer.
 */
export async function* writeOut(
  engine: Engine,
  prompt: Prompt,
  writing: ReturnType<typeof writingOf>,
  signal: AbortSignal,
): AsyncGenerator<Written> {
  const decoder = new StringDecoder('utf8');
  const steps = generate(engine, prompt, writing, signal);
  let held = '';
  let heldSteps: Step[] = [];
  let tokens = 0;
  for (;;) {
    const next = await steps.next();
    held += next.done ? decoder.end() : decoder.write(next.value.bytes);
    if (!next.done) {
      heldSteps.push(next.value);
      tokens += 1;
    }
    const stop = firstStop(held, writing.stops);
    const ready = stop ?? (next.done ? held.length : held.length - mayBecomeStop(held, writing.stops));
    if (ready > 0 || (heldSteps.length > 0 && (next.done || stop !== null))) {
      yield { kind: 'piece', text: held.slice(0, ready), steps: heldSteps };
      held = held.slice(ready);
      heldSteps = [];
    }
    if (stop !== null) {
      await steps.return('stop');
      yield { kind: 'end', reason: 'stop', tokens };
      return;
    }
    if (next.done) {
      yield { kind: 'end', reason: next.value, tokens };
      return;
    }
  }
}

function firstStop(text: string, stops: readonly string[]): number | null {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
  return places.length === 0 ? null : Math.min(...places);
}

/** How many characters at the end may be the beginning of a text to stop at. */
function mayBecomeStop(text: string, stops: readonly string[]): number {
  let most = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > most; length--) {
      if (text.endsWith(stop.slice(0, length))) most = length;
    }
  }
  return most;
}
