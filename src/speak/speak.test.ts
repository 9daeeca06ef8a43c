import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import { lossOf } from '#contract/loss.ts';
import type { SpeechEngine } from '#contract/ports.ts';
import { channel } from '#kit/channel.ts';
import { fakeEngine } from './fake.ts';
import { type SpeakEvent, type SpeakOptions, speak } from './speak.ts';

async function* written(...parts: string[]): AsyncGenerator<string> {
  yield* parts;
}

function start(text: AsyncIterable<string>, more: Partial<SpeakOptions> = {}) {
  const losses: Loss[] = [];
  const controller = new AbortController();
  const options = { engine: fakeEngine(), voice: 'high', speed: 1, ...more };
  const events = speak(text, options, { signal: controller.signal, note: (loss) => losses.push(loss) });
  return { events, losses, controller };
}

async function all(text: AsyncIterable<string>, more: Partial<SpeakOptions> = {}) {
  const { events, losses } = start(text, more);
  const seen: SpeakEvent[] = [];
  for await (const event of events) seen.push(event);
  const sentences = seen.flatMap((event) => (event.kind === 'sentence-start' ? [event.text] : []));
  const end = seen.at(-1);
  return { seen, losses, sentences, end: end?.kind === 'speech-end' ? end : undefined };
}

it('speaks sentence by sentence, rests between them, and ends with the whole length', async () => {
  const { seen, sentences, end, losses } = await all(written('The first sentence. The sec', 'ond sentence.'));
  expect(sentences).toEqual(['The first sentence.', 'The second sentence.']);
  const samples = seen.reduce((sum, event) => sum + (event.kind === 'speech-chunk' ? event.pcm.length : 0), 0);
  expect(end?.durationMs).toBe(Math.round(samples / 8));
  expect(end?.durationMs).toBe(40 * (19 + 20) + 300);
  expect(end?.spokenText).toBe('The first sentence. The second sentence.');
  expect(losses).toEqual([]);
});

it('makes the first sound while the text is still being written', async () => {
  const text = channel<string>();
  const { events } = start(text);
  text.push('This is the whole first sentence. And');
  const seen: string[] = [];
  for await (const event of events) {
    seen.push(event.kind);
    // The rest is only written once sound was heard: without overlap this would wait for ever.
    if (event.kind === 'speech-chunk' && seen.filter((kind) => kind === 'speech-chunk').length === 1) {
      text.push(' this is the second one.');
      text.end();
    }
  }
  expect(seen.filter((kind) => kind === 'sentence-start')).toHaveLength(2);
  expect(seen.at(-1)).toBe('speech-end');
});

it('synthesises one sentence ahead of its reader and no further', async () => {
  const started: string[] = [];
  const fake = fakeEngine();
  const engine: SpeechEngine = {
    ...fake,
    speak(sentence, context) {
      started.push(sentence.text);
      return fake.speak(sentence, context);
    },
  };
  const { events } = start(
    written('This is number one. This is number two. This is number three. This is number four.'),
    {
      engine,
    },
  );
  const settle = async () => {
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  await events.next();
  await settle();
  expect(started).toHaveLength(1 + 1);
  for (let event = await events.next(); !event.done && event.value.kind !== 'sentence-start'; )
    event = await events.next();
  await settle();
  expect(started).toHaveLength(2 + 1);
  await events.return(undefined);
});

it('never loses or repeats a word, however the text is chunked', async () => {
  const text = 'We start at 9. Dr. Who said "go"! Then, at last, the others followed; nobody stayed behind…\nThe end';
  const whole = await all(written(text));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }), async (sizes) => {
      const parts: string[] = [];
      for (let at = 0, i = 0; at < text.length; i += 1) {
        const size = sizes[i % sizes.length] ?? 1;
        parts.push(text.slice(at, at + size));
        at += size;
      }
      const chunked = await all(written(...parts));
      expect(chunked.sentences).toEqual(whole.sentences);
      expect(chunked.end).toEqual(whole.end);
    }),
    { numRuns: 20 },
  );
});

it('does not read code aloud and says so', async () => {
  const { sentences, losses } = await all(written('Run this:\n```sh\nrm -r x\n```\nThat was all.'));
  expect(sentences.join(' ')).not.toContain('rm');
  expect(losses.map((loss) => loss.kind)).toEqual(['not-spoken']);
});

it('has nothing to say: a loss, or an error where speech was the request', async () => {
  const silent = await all(written('```\ncode\n```'));
  expect(silent.end).toEqual({ kind: 'speech-end', durationMs: 0, spokenText: '' });
  expect(silent.losses.map((loss) => loss.kind)).toEqual(['not-spoken', 'not-spoken']);
  await expect(all(written(' \n'), { required: true })).rejects.toMatchObject({ code: 'speak.nothing-to-say' });
});

it('keeps what an engine could not pronounce together', async () => {
  const engine: SpeechEngine = {
    ...fakeEngine(),
    async *speak({ text }, { note }) {
      note(
        lossOf({ kind: 'not-pronounced', stage: 'speak', message: 'No sound for it.', text: text[0] ?? '', extent: 1 }),
      );
      yield new Float32Array(8);
    },
  };
  const { losses } = await all(written('All of this is new. But not everything.'), { engine });
  expect(losses).toMatchObject([{ kind: 'not-pronounced', text: 'A B', extent: 2 }]);
});

it('passes on whatever else an engine notes, at once', async () => {
  const fake = fakeEngine();
  const engine: SpeechEngine = {
    ...fake,
    async *speak(sentence, context) {
      context.note(lossOf({ kind: 'option-ignored', stage: 'speak', text: 'speed', message: 'It has one pace.' }));
      yield* fake.speak(sentence, context);
    },
  };
  const { losses } = await all(written('Hello there.'), { engine });
  expect(losses).toMatchObject([{ kind: 'option-ignored', text: 'speed' }]);
});

it('ends the speech cleanly when the engine dies, or throws where speech was the request', async () => {
  let calls = 0;
  const dying: SpeechEngine = {
    ...fakeEngine(),
    async *speak() {
      yield new Float32Array(800);
      calls += 1;
      if (calls > 1) throw new SensoriumError('runtime.worker-died', 'The model process ended.');
    },
  };
  const text = () => written('This is number one. This is number two. This is number three.');
  const { end, losses } = await all(text(), { engine: dying });
  expect(end?.spokenText).toBe('This is number one.');
  expect(losses).toMatchObject([{ kind: 'speech-failed', engine: 'fake', text: 'This is number two.' }]);
  expect(calls).toBe(2);
  await expect(all(text(), { engine: dying, required: true })).rejects.toMatchObject({ code: 'runtime.worker-died' });
});

it('says nothing of what another library says when it fails', async () => {
  const failing: SpeechEngine = {
    ...fakeEngine(),
    // biome-ignore lint/correctness/useYield: it fails before it gives anything
    async *speak() {
      throw new Error("ENOENT: no such file or directory, open '/home/somebody/voice.bin'");
    },
  };
  const { losses } = await all(written('This is number one.'), { engine: failing });
  expect(losses).toMatchObject([{ kind: 'speech-failed' }]);
  expect(JSON.stringify(losses)).not.toContain('somebody');
});

it('passes on what the writer of the text throws', async () => {
  const text = channel<string>();
  text.fail(new SensoriumError('ask.unreachable', 'Gone.'));
  await expect(all(text)).rejects.toMatchObject({ code: 'ask.unreachable' });
});

it('knows voices by short names and suggests the nearest', async () => {
  await expect(all(written('Hi.'), { voice: 'hgih' })).rejects.toMatchObject({
    code: 'speak.unknown-voice',
    hint: expect.stringContaining('Did you mean high?'),
  });
});

it('stops at once when cancelled while waiting for text, and frees the writer', async () => {
  let freed = false;
  const never: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        freed = true;
        return { done: true, value: undefined };
      },
    }),
  };
  const { events, controller } = start(never);
  const next = events.next();
  controller.abort();
  await expect(next).rejects.toMatchObject({ code: 'kit.cancelled' });
  expect(freed).toBe(true);
});

it('stops the engine when its reader leaves', async () => {
  let aborted = false;
  const fake = fakeEngine();
  const engine: SpeechEngine = {
    ...fake,
    async *speak(sentence, context) {
      context.signal.addEventListener('abort', () => {
        aborted = true;
      });
      yield* fake.speak(sentence, context);
    },
  };
  for await (const event of start(written('A sentence that goes on. And another one.'), { engine }).events) {
    if (event.kind === 'speech-chunk') break;
  }
  expect(aborted).toBe(true);
});
