import { describe, expect, it } from 'vitest';
import type { ModelRules } from '#contract/capabilities.ts';
import type { ChatMessage, ContentPart } from '#contract/chat.ts';
import type { MediaKind } from '#contract/media.ts';
import { context } from './__fixtures__/media.ts';
import { arrange } from './arrange.ts';

let count = 0;
function media(kind: MediaKind): ContentPart {
  const part = `part-${++count}`;
  return {
    kind: 'media',
    media: {
      media: {
        part,
        kind,
        name: `${kind}.bin`,
        source: 'bytes',
        mimeType: `${kind}/x`,
        sizeBytes: 1,
        sha256: '0'.repeat(64),
      },
      bytes: async () => new Uint8Array(1),
      async *stream() {},
      async close() {},
    },
  };
}
const text = (words: string): ContentPart => ({ kind: 'text', text: words });

function arranged(messages: readonly ChatMessage[], rules: ModelRules | undefined, speaks = false) {
  const call = context();
  return { messages: arrange(messages, rules, speaks, call.note), losses: call.losses };
}

it('leaves everything as it is where nobody knows of a rule', () => {
  const messages: ChatMessage[] = [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: [media('image'), media('audio'), media('document'), text('What?')] },
  ];
  const unknown = {
    oneKindPerMessage: 'unknown',
    systemWhenSpeaking: 'unknown',
    documentsBesideMedia: 'unknown',
  } as const;
  for (const rules of [
    undefined,
    {},
    unknown,
    { oneKindPerMessage: false, systemWhenSpeaking: true, documentsBesideMedia: true },
  ]) {
    expect(arranged(messages, rules, true)).toEqual({ messages, losses: [] });
  }
});

describe('one kind in a message', () => {
  const rules = { oneKindPerMessage: true };

  it('divides a message, and the words stay with the last', () => {
    const [a, b, c] = [media('image'), media('audio'), media('image')];
    const message: ChatMessage = { role: 'user', name: 'Ada', content: [text('Look'), a, b, c, text('and listen.')] };
    const { messages, losses } = arranged([{ role: 'system', content: 'x' }, message], rules);
    expect(messages).toEqual([
      { role: 'system', content: 'x' },
      { role: 'user', name: 'Ada', content: [a, c] },
      { role: 'user', name: 'Ada', content: [text('Look'), b, text('and listen.')] },
    ]);
    expect(losses).toMatchObject([
      { kind: 'rearranged', stage: 'native', before: '1 message: image, audio', after: '2 messages' },
    ]);
  });

  it('leaves a message with one kind, and those of others', () => {
    const messages: ChatMessage[] = [
      { role: 'user', content: [media('image'), text('What?'), media('image')] },
      { role: 'assistant', content: 'A cat.' },
      { role: 'user', content: 'Thanks.' },
    ];
    expect(arranged(messages, rules)).toEqual({ messages, losses: [] });
  });
});

describe('no system message where the model speaks', () => {
  const rules = { systemWhenSpeaking: false };
  const system: ChatMessage = { role: 'system', content: 'Be kind.' };

  it('puts its words before the first message of the user', () => {
    const image = media('image');
    const { messages, losses } = arranged(
      [
        system,
        { role: 'system', content: [text('Be brief.')] },
        { role: 'user', content: [image, text('What?')] },
        { role: 'user', content: 'Now.' },
      ],
      rules,
      true,
    );
    expect(messages).toEqual([
      { role: 'user', content: [text('Be kind.\n\nBe brief.\n\n'), image, text('What?')] },
      { role: 'user', content: 'Now.' },
    ]);
    expect(losses).toMatchObject([{ kind: 'rearranged', before: 'system message', after: 'user message' }]);
    expect(arranged([system, { role: 'user', content: 'Hello' }], rules, true).messages).toEqual([
      { role: 'user', content: 'Be kind.\n\nHello' },
    ]);
  });

  it('makes a message of them where the user said nothing, and drops one without words', () => {
    expect(arranged([system], rules, true).messages).toEqual([{ role: 'user', content: 'Be kind.' }]);
    expect(
      arranged(
        [
          { role: 'system', content: '' },
          { role: 'user', content: 'Hi' },
        ],
        rules,
        true,
      ).messages,
    ).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('leaves it where the model writes, or where there is none', () => {
    expect(arranged([system], rules, false)).toEqual({ messages: [system], losses: [] });
    const user: ChatMessage = { role: 'user', content: 'Hi' };
    expect(arranged([user], rules, true)).toEqual({ messages: [user], losses: [] });
  });
});

describe('no document beside a picture or a video', () => {
  const rules = { documentsBesideMedia: false };

  it.each(['image', 'video'] as const)('drops each document beside %s, by name', (kind) => {
    const [paper, seen, alone] = [media('document'), media(kind), media('document')];
    const { messages, losses } = arranged(
      [
        { role: 'user', content: [alone] },
        { role: 'assistant', content: 'Yes?' },
        { role: 'user', content: [paper, seen, text('Compare.')] },
      ],
      rules,
    );
    expect(messages).toEqual([
      { role: 'assistant', content: 'Yes?' },
      { role: 'user', content: [seen, text('Compare.')] },
    ]);
    const partOf = (part: ContentPart) => (part.kind === 'media' ? part.media.media.part : null);
    expect(losses.map(({ kind: lost, part }) => [lost, part])).toEqual([
      ['media-dropped', partOf(alone)],
      ['media-dropped', partOf(paper)],
    ]);
    expect(losses[0]?.message).toContain('document.bin');
    expect(losses[0]?.message).toContain(`${kind}.bin`);
  });

  it('keeps documents where there is nothing to see, and pictures without documents', () => {
    for (const other of [media('audio'), media('document')]) {
      const messages: ChatMessage[] = [{ role: 'user', content: [media('document'), other] }];
      expect(arranged(messages, rules)).toEqual({ messages, losses: [] });
    }
    const messages: ChatMessage[] = [{ role: 'user', content: [media('image'), media('video')] }];
    expect(arranged(messages, rules)).toEqual({ messages, losses: [] });
  });
});
