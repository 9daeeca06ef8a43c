import { describe, expect, it } from 'vitest';
import { messageReader } from './read.ts';

const texts = (...events: unknown[]) => {
  const read = messageReader();
  return events.map((event) => read(event)?.text ?? null).filter((text) => text !== '');
};

describe('a message of Claude’s', () => {
  it('is read however little it says', () => {
    const read = messageReader();
    for (const odd of [
      { type: 'message_start', message: {} },
      { type: 'content_block_start', index: 0, content_block: null },
      { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: null, name: null } },
      { type: 'content_block_delta', index: 0, delta: null },
      { type: 'content_block_delta', index: 9, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'message_delta', delta: null, usage: null },
      { type: 'message', content: null },
      { type: 'ping' },
      { type: 'something_new', weather: 3 },
    ]) {
      expect(read(odd)).toMatchObject({ text: '', reason: null });
    }
    for (const none of [null, 7, 'x', [], {}, { type: 3 }, { type: 'message_start', message: 'hi' }])
      expect(read(none)).toBeNull();
  });

  it('may have words in a block’s beginning', () => {
    expect(
      texts(
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Hi' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' you' } },
      ),
    ).toEqual(['Hi', ' you']);
  });

  it('counts calls by themselves, whatever blocks stand between them', () => {
    const read = messageReader();
    const begin = (index: number, id: string) =>
      read({ type: 'content_block_start', index, content_block: { type: 'tool_use', id, name: 'f' } });
    expect(begin(1, 'a')?.toolCalls).toMatchObject([{ index: 0, id: 'a' }]);
    expect(begin(3, 'b')?.toolCalls).toMatchObject([{ index: 1, id: 'b' }]);
    const more = {
      type: 'content_block_delta',
      index: 3,
      delta: { type: 'input_json_delta', partial_json: '{"x":1}' },
    };
    expect(read(more)?.toolCalls).toEqual([{ index: 1, id: null, name: null, arguments: '{"x":1}' }]);
  });

  it('says nothing of tokens until both kinds are counted', () => {
    const read = messageReader();
    expect(read({ type: 'message_start', message: { usage: { input_tokens: 5 } } })?.usage).toBeNull();
    const end = { type: 'message_delta', delta: {}, usage: { output_tokens: 2, cache_creation_input_tokens: 4 } };
    expect(read(end)?.usage).toEqual({ inputTokens: 9, outputTokens: 2 });
  });
});
