import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '#contract/answer.ts';
import type { AskEvent, AskRequest } from '#contract/chat.ts';
import { isSensoriumError, type SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { HTTP_CASES } from '../../src/conformance/cases.ts';
import { type ConformanceServer, type Running, startConformance } from '../../src/conformance/server.ts';

/** What came of one question: everything that was said until it ended or broke. */
export interface Asked {
  readonly text: string;
  readonly events: readonly AskEvent[];
  readonly answer: Answer | null;
  readonly error: SensoriumError | null;
  readonly losses: readonly Loss[];
}

/** Asks and gives what came, also when it broke off. Anything thrown that is no error of ours fails the test. */
export async function asked(
  model: LanguageModel,
  request: AskRequest,
  signal = new AbortController().signal,
): Promise<Asked> {
  const events: AskEvent[] = [];
  const losses: Loss[] = [];
  let error: SensoriumError | null = null;
  try {
    for await (const event of model.ask(request, { signal, note: (loss) => losses.push(loss) })) events.push(event);
  } catch (thrown) {
    if (!isSensoriumError(thrown)) throw thrown;
    error = thrown;
  }
  const last = events.at(-1);
  const text = events.map((event) => (event.kind === 'text-delta' ? event.text : '')).join('');
  return { text, events, answer: last?.kind === 'answer-end' ? last.answer : null, error, losses };
}

export const HELLO: AskRequest = { messages: [{ role: 'user', content: '你好，请问现在几点？' }] };

/** How each case of `HTTP_CASES` must end: the code of the error, or `null` for the good answer; and how often it is asked. */
const ENDS: Readonly<
  Record<
    string,
    {
      readonly code: string | RegExp | null;
      readonly asked?: number;
      readonly partly?: boolean;
      readonly once?: boolean;
      readonly atLeastMs?: number;
    }
  >
> = {
  'byte-by-byte': { code: null },
  'crlf-comments': { code: null },
  'bad-key': { code: 'ask.key-refused', asked: 1 },
  'rate-limited': { code: 'ask.rate-limited', asked: 3 },
  'rate-limited-seconds': { code: null, asked: 2, once: true, atLeastMs: 900 },
  'rate-limited-date': { code: null, asked: 2, once: true },
  'rate-limited-ms': { code: null, asked: 2, once: true, atLeastMs: 20 },
  'quota-spent': { code: 'ask.quota-spent', asked: 1 },
  'filtered-input': { code: 'ask.refused', asked: 1 },
  // Either an error, or an answer that says it was stopped: never one that looks whole.
  'filtered-output': { code: /^ask\.(refused|upstream-failed)$|^content-filter$/, partly: true },
  'failed-midway': { code: 'ask.upstream-failed', partly: true },
  'malformed-line': { code: 'ask.upstream-failed', partly: true },
  'html-line': { code: 'ask.upstream-failed', partly: true },
  'cut-off': { code: 'ask.upstream-failed', partly: true },
  'error-500': { code: 'ask.upstream-failed', asked: 3 },
  'page-502': { code: 'ask.upstream-failed', asked: 3 },
  'busy-503': { code: 'ask.upstream-failed', asked: 3 },
  'gateway-504': { code: 'ask.upstream-failed', asked: 3 },
  'reset-before': { code: /^ask\.(unreachable|upstream-failed)$/ },
  'reset-midway': { code: 'ask.upstream-failed', partly: true },
  stalled: { code: 'ask.upstream-failed', partly: true },
  'slow-trickle': { code: null },
};

/**
 * The exam of the cases that every streaming HTTP vendor is asked for. `open` gives a model at a conformance server, with
 * short waits (`retryBaseMs: 1`, `stallTimeoutMs: 200`) and `failuresBeforeRest: 0`; `secret` is the key it was given.
 * `otherwise` says where a vendor's own documentation wants another end.
 */
export function examineHttp(
  vendor: ConformanceServer,
  open: (origin: string) => Promise<LanguageModel>,
  { secret, otherwise = {} }: { readonly secret: string; readonly otherwise?: typeof ENDS },
): void {
  describe(`${vendor.name}: cases of every HTTP server`, () => {
    let server: Running;
    let model: LanguageModel;
    let good: Asked;
    beforeAll(async () => {
      server = await startConformance(vendor);
      model = await open(server.origin);
      good = await asked(model, HELLO);
    });
    afterEach(() => expect(server.faults.splice(0)).toEqual([]));
    afterAll(async () => {
      await model?.close();
      await server?.close();
    });

    it('happy: streams an answer that says why it ended', () => {
      expect(good.error).toBeNull();
      expect(good.text).not.toBe('');
      expect(good.answer).toMatchObject({ text: good.text, finishReason: 'stop' });
      expect(good.answer?.usage?.outputTokens).toBeGreaterThan(0);
    });

    it.each(Object.keys(HTTP_CASES))('%s', async (name) => {
      const end = otherwise[name] ?? ENDS[name];
      if (!end) throw new Error(`Nobody has said how ${name} must end.`);
      const before = server.seen.length;
      server.play(name, end.once ? 1 : undefined);
      const startedMs = performance.now();
      const got = await asked(model, HELLO);
      server.play('happy');
      // Whoever is told when to come back does not come earlier.
      expect(performance.now() - startedMs).toBeGreaterThanOrEqual(end.atLeastMs ?? 0);
      const told = `${got.error?.message} ${got.error?.hint} ${JSON.stringify(got.error?.details)}`;
      expect(told).not.toContain(secret);
      if (end.code === null) {
        expect(got.error).toBeNull();
        expect(got.answer).toMatchObject({ text: good.text, finishReason: 'stop' });
      } else {
        const how = got.error?.code ?? got.answer?.finishReason ?? 'nothing';
        if (typeof end.code === 'string') expect(how).toBe(end.code);
        else expect(how).toMatch(end.code);
        expect(got.answer?.finishReason).not.toBe('stop');
      }
      if (end.asked !== undefined) expect(server.seen.length - before).toBe(end.asked);
      if (end.partly) {
        // What had come was passed on.
        expect(good.text.startsWith(got.text)).toBe(true);
      }
    });

    it('leaves when the caller does', async () => {
      server.play('stalled', 1);
      const controller = new AbortController();
      const asking = asked(model, HELLO, controller.signal);
      setTimeout(() => controller.abort(), 50);
      expect((await asking).error?.code).toBe('kit.cancelled');
      await expect.poll(() => server.connections.leftEarly).toBeGreaterThan(0);
      expect((await asked(model, HELLO)).text).toBe(good.text);
    });
  });
}
