import { expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { Segment } from '#contract/perception.ts';
import { buzz, soundOf } from '../../__fixtures__/sound.ts';
import { recogniserOf } from './engine.ts';
import type { HearCall, HearReply } from './worker.ts';

const { signal } = new AbortController();
const segment = { startMs: 100, endMs: 900, text: 'la', words: [] } as unknown as Segment;
const nothing: HearReply = { segments: [], prompt: null };

/** What is heard, noted and asked of the process when it answers so. */
async function heard(reply: HearReply, endMs = 1_000) {
  const calls: HearCall[] = [];
  const losses: Loss[] = [];
  const worker = {
    async call<T>(_: string, argument: unknown): Promise<T> {
      calls.push(argument as HearCall);
      return reply as T;
    },
    async close() {},
  };
  const common = { modelDir: '/models', engine: 'whisper-test', threads: 1 };
  const engine = recogniserOf(worker, common, { languages: ['en', 'zh'], wordTimes: 'attention' });
  const speech = [{ startMs: 0, endMs }];
  const recording = { part: 'part-1', sound: soundOf(buzz(endMs, speech)), speech, language: 'zh', prompt: 'la' };
  const segments: Segment[] = [];
  for await (const one of engine.hear(recording, { signal, note: (loss) => losses.push(loss) })) segments.push(one);
  return { engine, calls, losses, segments };
}

it('hands on what was asked and gives the segments', async () => {
  const { calls, losses, segments, engine } = await heard({ ...nothing, segments: [{ segment, ended: true }] });
  expect(segments).toEqual([segment]);
  expect(losses).toEqual([]);
  expect(calls[0]).toMatchObject({ modelDir: '/models', engine: 'whisper-test', language: 'zh', prompt: 'la' });
  expect(engine.capabilities.languages).toEqual(['en', 'zh']);
});

it('says that a text came to no end', async () => {
  const { losses } = await heard({ ...nothing, segments: [{ segment, ended: false }] });
  expect(losses).toMatchObject([
    { kind: 'text-truncated', engine: 'whisper-test', time: { startMs: 100, endMs: 900 } },
  ]);
});

it('says where speech without a pause had to be cut', async () => {
  const { losses, calls } = await heard(nothing, 40_000);
  expect(calls).toHaveLength(2);
  expect(losses).toMatchObject([{ kind: 'cut-in-speech', part: 'part-1' }]);
});

it('says, once, when a prompt is nothing it can heed, or too long', async () => {
  const none = await heard({ segments: [], prompt: { tokens: 0, leftOut: 0 } }, 40_000);
  expect(none.losses.filter((loss) => loss.kind === 'option-ignored')).toMatchObject([
    { text: 'prompt', extent: null },
  ]);
  const long = await heard({ segments: [], prompt: { tokens: 223, leftOut: 77 } });
  expect(long.losses).toMatchObject([{ kind: 'option-ignored', text: 'prompt', extent: 77, unit: 'tokens' }]);
  expect((await heard({ segments: [], prompt: { tokens: 9, leftOut: 0 } })).losses).toEqual([]);
});

it('identifies languages where it knows more than one, and nothing where there is no voice', async () => {
  const { engine } = await heard(nothing);
  expect(engine.identifier?.id).toBe('whisper-test');
  expect(await engine.identifier?.identify({ sound: soundOf(new Float32Array(160)), speech: [] }, signal)).toEqual([]);
});
