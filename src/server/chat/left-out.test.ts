import { expect, it } from 'vitest';
import { ChatRequest } from '../schemas/chat.ts';
import { parsed } from '../wire/bad-request.ts';
import { fieldsLeftOut } from './left-out.ts';

const leftOut = (body: object) => fieldsLeftOut(body, parsed(ChatRequest, body));
const messages = [{ role: 'user', content: 'Hi' }];

it('names each field that the schema leaves out once, wherever it stands', () => {
  const marked = { cache_control: { type: 'ephemeral' } };
  const body = {
    messages: [
      { role: 'assistant', content: 'Hi', reasoning_content: 'Hm.' },
      { role: 'user', content: [{ type: 'text', text: 'Hi', ...marked }], ...marked },
      { role: 'user', content: [{ type: 'image_url', image_url: 'https://example.org/a.png' }], ...marked },
    ],
    tools: [{ type: 'function', function: { name: 'sing', loud: true } }],
  };
  expect(leftOut(body)).toEqual([
    'messages.reasoning_content',
    'messages.content.cache_control',
    'messages.cache_control',
    'tools.function.loud',
  ]);
});

it('says nothing of what is known, passed on as it is, or empty', () => {
  const parameters = { type: 'object', anything: { at: 'all' } };
  expect(
    leftOut({
      messages: [{ role: 'assistant', content: 'Hi', annotations: [], function_call: null }, ...messages],
      tools: [{ type: 'function', function: { name: 'sing', parameters } }],
      top_k: 40,
      sensorium: { route: 'text' },
    }),
  ).toEqual([]);
});

it('names no more than anybody reads', () => {
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`x${at}${'y'.repeat(200)}`, 1]));
  const names = leftOut({ messages: [{ ...messages[0], ...many }] });
  expect(names).toHaveLength(20);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(100);
});
