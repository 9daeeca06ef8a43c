import { expect, it } from 'vitest';
import type { RemoteOptions } from '../remote.ts';
import { chatBody } from './body.ts';
import type { ChatShape } from './shape.ts';

const options = { model: 'm', maxTokensField: 'max_tokens' } as RemoteOptions;
const none = () => '';
const slots = { hold: none, holdMade: none, holdJson: none, fill: (json: string) => json };
const shape: ChatShape = { changeBody: ({ change }) => change('temperature', 1) };
const sent = (temperature: number | undefined, refused: string[] = []) =>
  chatBody({ messages: [{ role: 'user', content: 'hello' }], temperature }, options, shape, new Set(refused), slots);

it('tells the value that stands for another, and not one that is as it was', () => {
  expect(sent(2)).toMatchObject({ body: { temperature: 1 }, changed: { temperature: 1 }, leftOut: [] });
  expect(sent(1).changed).toEqual({});
});

it('does not say that it changed what it leaves out', () => {
  const { body, changed, leftOut } = sent(2, ['temperature']);
  expect(body.temperature).toBeUndefined();
  expect({ changed, leftOut }).toEqual({ changed: {}, leftOut: ['temperature'] });
});
