import { describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { TextLine } from '#contract/perception.ts';
import { documentExam, partOf } from './conformance.ts';
import type { DocumentEngine, DocumentFacts } from './engine.ts';
import { fakeDocumentEngine } from './fake.ts';
import { read } from './read.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

documentExam(
  'fake',
  async () => fakeDocumentEngine,
  async () => ({ good: bytes('one\ftwo'), word: 'two', broken: [bytes('')], mimeType: 'text/x-fake' }),
);

async function reading(
  text: string,
  engine: DocumentEngine = fakeDocumentEngine,
  language: 'en' | 'zh' = 'en',
  maxPages?: number,
) {
  const losses: Loss[] = [];
  const told: [number, number | null][] = [];
  const entry = { id: engine.id, name: 'Fake', mimeTypes: engine.mimeTypes, create: async () => engine };
  const document = await read(
    {
      media: partOf(bytes(text), `${engine.mimeTypes[0]}; charset=x`),
      reader: null,
      language,
      maxPages,
      engines: [entry],
      onPage: (done, total) => told.push([done, total]),
    },
    { signal: new AbortController().signal, note: (loss) => losses.push(loss) },
  );
  return { document, losses, told };
}

const line = (text: string, start: number): TextLine => ({
  text,
  start,
  box: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  direction: 'horizontal',
  heightPx: 1,
  characters: [],
  confidence: null,
  confidenceSource: null,
  unwritable: false,
});

function engineOf(
  unit: DocumentFacts['unit'],
  texts: readonly string[],
  lines: readonly TextLine[] = [],
): DocumentEngine {
  return {
    id: 'made-up',
    mimeTypes: ['text/x-made-up'],
    async *read(_document, { onFacts }) {
      onFacts({ format: 'made-up', title: 'Budget', unit, pages: null });
      for (const [index, text] of texts.entries()) {
        yield {
          number: index + 1,
          title: index === 0 ? 'First  one' : null,
          text,
          source: 'ocr',
          reason: 'made up',
          lines: [...lines],
          engine: null,
        };
      }
    },
  };
}

describe('read', () => {
  it('puts every page under its number and counts them aloud', async () => {
    const { document, losses, told } = await reading('# one\n\nwords\ftwo');
    expect(document.text).toBe('## Page 1\n\n### one\n\nwords\n\n## Page 2\n\ntwo');
    expect(document.pages[0]?.text).toBe('# one\n\nwords');
    expect(document).toMatchObject({ kind: 'document', part: 'part-1', format: 'fake', engine: 'fake', title: null });
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(losses).toEqual([]);
  });

  it('names pages in the language of the reader and by what they are', async () => {
    expect((await reading('一', fakeDocumentEngine, 'zh')).document.text).toBe('## 第 1 页\n\n一');
    expect((await reading('', engineOf('sheet', ['a', 'b']))).document.text).toBe(
      '## Sheet 1: First one\n\na\n\n## Sheet 2\n\nb',
    );
    expect((await reading('', engineOf('slide', ['a']), 'zh')).document.text).toBe('## 第 1 张幻灯片：First one\n\na');
    expect((await reading('', engineOf('whole', ['# a']))).document).toMatchObject({ text: '# a', title: 'Budget' });
  });

  it('leaves hashes in blocks of code alone and stops at level six', async () => {
    const text = '###### deep\n\n```sh\n# comment\n```\n\n# top';
    expect((await reading('', engineOf('page', [text]))).document.text).toContain(
      '###### deep\n\n```sh\n# comment\n```\n\n### top',
    );
  });

  it('lets every line point to its own characters in the whole text', async () => {
    const text = '# 𝑎b\n\nfound';
    const { document } = await reading('', engineOf('page', [text, text], [line('found', 6), line('𝑎b', 2)]));
    const points = [...document.text];
    const spelled = document.pages.flatMap((page) =>
      page.lines.map(({ text, start }) => points.slice(start ?? 0, (start ?? 0) + [...text].length).join('')),
    );
    expect(spelled).toEqual(['found', '𝑎b', 'found', '𝑎b']);
  });

  it('answers an empty document with an empty text and the reason', async () => {
    const none = await reading('', engineOf('page', []));
    expect(none.document).toMatchObject({ text: '', pages: [] });
    expect(none.losses).toMatchObject([{ kind: 'page-unread', message: 'The document has no pages.' }]);
    const blank = await reading('\f ');
    expect(blank.document.text).toBe('');
    expect(blank.losses).toMatchObject([
      { kind: 'page-unread', extent: 2, message: expect.stringContaining('as it stands') },
    ]);
  });

  it('refuses what no engine reads, by its bytes, and says what is read', async () => {
    const entry = { id: 'fake', name: 'Fake', mimeTypes: ['text/x-fake'], create: async () => fakeDocumentEngine };
    const asked = read(
      { media: partOf(bytes('x'), 'application/zip', 'paper.fake'), reader: null, language: 'en', engines: [entry] },
      { signal: new AbortController().signal, note: () => {} },
    );
    await expect(asked).rejects.toMatchObject({ code: 'read.unsupported', hint: expect.stringContaining('Fake') });
  });

  it('refuses more pages than are allowed even when the engine did not count', async () => {
    await expect(reading('', engineOf('page', ['a', 'b', 'c']), 'en', 2)).rejects.toMatchObject({
      code: 'read.too-large',
    });
  });
});
