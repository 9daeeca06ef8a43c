import { expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import { remoteVoice } from './voice.ts';

/** Speaks a sentence with a server that sends these pieces. */
async function spoken(pieces: readonly Uint8Array[], signal = new AbortController().signal) {
  const asked: string[] = [];
  const engine = remoteVoice({
    id: 'there',
    sampleRateHz: 24_000,
    voices: [],
    async *synthesise({ voice }) {
      asked.push(voice);
      yield* pieces;
    },
  });
  const losses: Loss[] = [];
  const pcm: number[] = [];
  for await (const chunk of engine.speak(
    { text: 'Hi.', voice: 'there:some/model/Cherry', speed: 1 },
    { signal, note: (loss) => losses.push(loss) },
  ))
    pcm.push(...chunk);
  return { pcm, losses: losses.map(({ kind, message }) => `${kind}: ${message}`), asked };
}

it('puts samples together wherever they are cut, and calls the voice as its server does', async () => {
  const { pcm, losses, asked } = await spoken([Uint8Array.of(0), Uint8Array.of(0x40, 0, 0xc0), new Uint8Array(0)]);
  expect(pcm).toEqual([0.5, -0.5]);
  expect(losses).toEqual([]);
  expect(asked).toEqual(['Cherry']);
});

it('says when the sound ended in the middle of a sample', async () => {
  const { pcm, losses } = await spoken([Uint8Array.of(0, 0x40, 7)]);
  expect(pcm).toEqual([0.5]);
  expect(losses).toEqual(['truncated: The sound of a sentence ended in the middle of a sample.']);
});

it('takes no sound for a failure, and a cancelled request for none', async () => {
  await expect(spoken([])).rejects.toMatchObject({ code: 'speak.upstream-failed' });
  await expect(spoken([Uint8Array.of(0, 0)], AbortSignal.abort())).rejects.toMatchObject({ code: 'kit.cancelled' });
});
