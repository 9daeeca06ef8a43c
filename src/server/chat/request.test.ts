import { describe, expect, it } from 'vitest';
import type { MediaInput } from '#pipeline/index.ts';
import { ChatRequest } from '../schemas/chat.ts';
import { parsed } from '../wire/bad-request.ts';
import { answerRequestOf, type ChatContext } from './request.ts';
import { spokenAnswers } from './spoken-answers.ts';

const held: MediaInput = { kind: 'path', path: 'held' };
const spoken = spokenAnswers();
const context: ChatContext = {
  mediumOf: (text) => (text === 'placeholder' ? held : null),
  spoken,
  tenant: 'key_1',
  defaults: { speed: 1, maxParts: 3 },
  vectors: { accept: true, mayBring: true },
  voiceFor: (name) => ({ voice: `af_${name}`, loss: null }),
};
const asked = (body: object) => answerRequestOf(parsed(ChatRequest, body), context);
const user = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const image = (url: string) => ({ type: 'image_url', image_url: { url } });

describe('answerRequestOf', () => {
  it('takes media as addresses, data URLs, base64 and what was set aside, in any message and in their order', () => {
    const { turns } = asked({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Look:' },
            { type: 'image_url', image_url: 'https://example.org/a.png' },
          ],
        },
        {
          role: 'user',
          content: [image('data:image/png;base64,AAAA'), { type: 'input_audio', input_audio: { data: 'placeholder' } }],
        },
      ],
    });
    expect(turns).toEqual([
      { role: 'system', content: [{ kind: 'text', text: 'Be brief.' }] },
      {
        role: 'assistant',
        content: [
          { kind: 'text', text: 'Look:' },
          { kind: 'media', input: { kind: 'url', url: 'https://example.org/a.png' } },
        ],
      },
      {
        role: 'user',
        content: [
          { kind: 'media', input: { kind: 'url', url: 'data:image/png;base64,AAAA' } },
          { kind: 'media', input: held },
        ],
      },
    ]);
    const [bare] = asked(user({ type: 'file', file: { file_data: 'AAAA', filename: 'a.pdf' } })).turns ?? [];
    expect(bare?.content[0]).toMatchObject({ input: { kind: 'url', url: 'data:;base64,AAAA', name: 'a.pdf' } });
  });

  it('never makes a path of what a caller sends', () => {
    for (const url of ['/etc/passwd', 'file:///etc/passwd', 'C:\\secret']) {
      const [turn] = asked(user(image(url))).turns ?? [];
      expect(turn?.content[0]).toMatchObject({ input: { kind: 'url' } });
    }
  });

  it('hands on what the model’s server may know and leaves out what is ours', () => {
    const request = asked({ ...user(), logit_bias: { 5: 1 }, user: 'ada', seed: 7, stop: 'END', n: 1, store: null });
    expect(request).toMatchObject({ seed: 7, stop: ['END'], extra: { logit_bias: { 5: 1 }, user: 'ada' } });
    expect(Object.keys(request.extra ?? {})).toEqual(['logit_bias', 'user']);
  });

  it('gives functions and their answers in the pipeline’s words', () => {
    const request = asked({
      tools: [{ type: 'function', function: { name: 'add', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'add' } },
      response_format: { type: 'json_schema', json_schema: { name: 'sum', schema: { type: 'object' }, strict: true } },
      messages: [
        { role: 'assistant', content: null, tool_calls: [{ id: 'c1', function: { name: 'add', arguments: '{}' } }] },
        { role: 'tool', tool_call_id: 'c1', content: '3' },
      ],
    });
    expect(request).toMatchObject({
      tools: [{ name: 'add' }],
      toolChoice: { name: 'add' },
      responseFormat: { kind: 'json-schema', name: 'sum', strict: true },
      turns: [
        { role: 'assistant', content: [], toolCalls: [{ id: 'c1', name: 'add', arguments: '{}' }] },
        { role: 'tool', toolCallId: 'c1' },
      ],
    });
  });

  it('knows again what it said aloud, as long as it is kept', () => {
    spoken.keep('audio_1', 'Paris.');
    const saidBefore = (id: string) => ({
      messages: [
        { role: 'assistant', audio: { id } },
        { role: 'user', content: 'Why?' },
      ],
    });
    expect(asked(saidBefore('audio_1')).turns?.[0]?.content).toEqual([{ kind: 'text', text: 'Paris.' }]);
    expect(() => asked(saidBefore('audio_2'))).toThrow(/not kept any more/);
  });

  it.each<[string, object]>([
    ['n', { n: 2 }],
    ['audio', { modalities: ['text', 'audio'] }],
    ['audio.format', { modalities: ['audio'], audio: { voice: 'x', format: 'mp3' }, stream: true }],
    ['messages', user(image('a'), image('b'), image('c'), image('d'))],
    ['messages[0].content[0].image_url.url', user(image(' '))],
    ['messages[0].content[0].file', user({ type: 'file', file: { file_id: 'file-1' } })],
  ])('refuses what would not be the answer asked for, naming %s', (param, body) => {
    expect(() => asked({ ...user(), ...body })).toThrow(
      expect.objectContaining({ code: 'server.bad-request', details: { param } }),
    );
  });

  it('says which options of a stream, and which fields of a message, it leaves out', () => {
    const body = {
      messages: [{ role: 'user', content: 'Hi', cache_control: { type: 'ephemeral' } }],
      stream_options: { include_usage: true, include_obfuscation: true },
    };
    const { lost = [] } = answerRequestOf(parsed(ChatRequest, body), context, body);
    expect(lost.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'option-ignored messages.cache_control',
      'option-ignored stream_options.include_obfuscation',
    ]);
  });

  it.each([
    [{ top_logprobs: 2 }, 'top_logprobs needs logprobs'],
    [{ tool_choice: 'required' }, 'tool_choice needs tools'],
    [{ tool_choice: { type: 'function', function: { name: 'sing' } }, tools: [] }, 'tool_choice needs tools'],
  ])('refuses %j, which makes no sense alone', (options, message) => {
    expect(() => asked({ messages: [{ role: 'user', content: 'Hi' }], ...options })).toThrow(message);
  });
});
