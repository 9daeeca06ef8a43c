import { expect, it } from 'vitest';
import { whatIsWrong } from './check.ts';
import { bodyOf, MODEL } from './payload.ts';

const parse = (bytes: Buffer) => JSON.parse(bytes.toString());

it('accepts what is sent', () => {
  for (const payload of ['text', 'stream', 'audio'] as const) {
    expect(whatIsWrong(parse(bodyOf(payload, MODEL)))).toBeNull();
  }
});

it('finds out every change on the way', () => {
  const text = parse(bodyOf('text', MODEL));
  expect(whatIsWrong({ ...text, model: 'up:bench' })).toMatch(/model/);
  expect(whatIsWrong({ ...text, messages: [] })).toMatch(/0 messages/);
  expect(whatIsWrong({ ...text, messages: [{ role: 'system', content: 'Hi' }, ...text.messages] })).toMatch(
    /2 messages/,
  );
  expect(whatIsWrong({ ...text, messages: [{ role: 'user', content: 'Hi' }] })).toMatch(/question/);
  expect(whatIsWrong(null)).toMatch(/model/);
});

it('finds out a recording that is missing, cut or changed', () => {
  const body = parse(bodyOf('audio', MODEL));
  const [, audio] = body.messages[0].content;
  const { data } = audio.input_audio;
  audio.input_audio.data = data.slice(4);
  expect(whatIsWrong(body)).toMatch(/characters/);
  audio.input_audio.data = `${data.slice(0, -8)}AAAAAAAA`;
  expect(whatIsWrong(body)).toMatch(/changed/);
  audio.input_audio = { data, format: 'mp3' };
  expect(whatIsWrong(body)).toMatch(/mp3/);
  audio.type = 'text';
  expect(whatIsWrong(body)).toMatch(/part of type/);
});
