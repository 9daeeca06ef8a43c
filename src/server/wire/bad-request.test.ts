import { expect, it } from 'vitest';
import { ChatRequest } from '../schemas/chat.ts';
import { parsed } from './bad-request.ts';

const refusal = (body: unknown) => {
  try {
    parsed(ChatRequest, body);
  } catch (error) {
    return error as { message: string; details: { param: string } };
  }
  throw new Error('It was taken.');
};
const user = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });

it.each([
  [null, 'The body'],
  [[], 'The body'],
  [{}, 'messages'],
  [{ messages: [] }, 'messages'],
  [{ messages: [{ role: 'king', content: 'x' }] }, 'messages[0].role'],
  [user({ type: 'smell' }), 'messages[0].content[0].type'],
  [user({ type: 'text', text: 1 }), 'messages[0].content[0].text'],
  [
    user({ type: 'text', text: '' }, { type: 'image_url', image_url: { href: 'x' } }),
    'messages[0].content[1].image_url.url',
  ],
  [{ ...user(), temperature: 3 }, 'temperature'],
  [{ ...user(), sensorium: { rute: 'text' } }, 'sensorium.rute'],
  [{ ...user(), sensorium: { route: 'magic' } }, 'sensorium.route'],
  [{ ...user(), audio: { voice: 'x', format: 'midi' } }, 'audio.format'],
])('names the field at fault in %j', (body, param) => {
  expect(refusal(body).details.param).toBe(param);
});

it('never repeats what somebody sent', () => {
  const secret = 'my-secret-words';
  for (const body of [{ messages: secret }, user({ type: secret }), user(secret), { ...user(), seed: secret }]) {
    expect(refusal(body).message).not.toContain(secret);
  }
});
