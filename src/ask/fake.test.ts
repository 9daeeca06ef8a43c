import { expect, it } from 'vitest';
import { mediaPart } from './__fixtures__/media.ts';
import { askAll, examineLanguageModel } from './conformance.ts';
import { fakeLanguageModel } from './fake.ts';

examineLanguageModel('fake', async () => fakeLanguageModel({ msPerWord: 1 }));

const media = mediaPart('audio', 'audio/wav', new Uint8Array(1234), { pieceBytes: 100 });
const content = [{ kind: 'text', text: 'Hear this:' } as const, { kind: 'media', media } as const];

it('names the media it was handed', async () => {
  const model = fakeLanguageModel({ input: { audio: true } });
  expect(model.capabilities.input.audio).toBe(true);
  const { answer } = await askAll(model, { messages: [{ role: 'user', content }] });
  expect(answer.text).toBe('You said: Hear this:\n[audio 1234 bytes]');
});

it('refuses media of a kind it does not take', async () => {
  const asking = askAll(fakeLanguageModel(), { messages: [{ role: 'user', content }] });
  await expect(asking).rejects.toMatchObject({ code: 'ask.refused', message: expect.stringContaining('part-1') });
});
