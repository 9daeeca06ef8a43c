import { afterAll, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import { takeMedia } from '#media/index.ts';
import { modelFolder } from '../../../../../test/model-folder.ts';
import { soundOf } from '../../__fixtures__/sound.ts';
import { moonshine } from './engine.ts';
import { ID } from './model.ts';

const engine = moonshine(await modelFolder(ID));
afterAll(() => engine.close());
const { signal } = new AbortController();

/** “What is the capital of France?”, 1.4 s without a pause. */
async function question(): Promise<Float32Array> {
  const path = new URL('../../../../../examples/question.wav', import.meta.url).pathname;
  const { sound } = await takeMedia({ kind: 'path', path }, { part: 'part-1', signal, note: () => {} });
  const pieces: Float32Array[] = [];
  for await (const piece of sound?.pcm(signal) ?? []) pieces.push(piece.slice());
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

function repeated(samples: Float32Array, times: number): Float32Array {
  return Float32Array.from({ length: samples.length * times }, (_, at) => samples[at % samples.length] ?? 0);
}

async function heard(samples: Float32Array): Promise<{ text: string; losses: Loss[] }> {
  const losses: Loss[] = [];
  const texts: string[] = [];
  const recording = {
    part: 'part-1',
    sound: soundOf(samples),
    speech: [{ startMs: 0, endMs: samples.length / 16 }],
  };
  for await (const { text } of engine.hear(recording, { signal, note: (loss) => losses.push(loss) })) texts.push(text);
  return { text: texts.join(' '), losses };
}

it('says where speech without a pause had to be cut', async () => {
  const { text, losses } = await heard(repeated(await question(), 12));
  expect(text).toContain('capital of France');
  expect(losses).toMatchObject([{ kind: 'cut-in-speech', part: 'part-1', engine: ID }]);
  expect(losses[0]?.time?.endMs).toBeLessThan(15_000);
});

it('says that it wrote up to its limit and came to no end', async () => {
  // Twice as fast and four times over: the decoder goes round in a loop.
  const hasty = (await question()).filter((_, at) => at % 2 === 0);
  const { losses } = await heard(repeated(hasty, 4));
  expect(losses).toMatchObject([{ kind: 'text-truncated', part: 'part-1', action: 'the text stops there' }]);
});
