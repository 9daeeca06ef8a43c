import { describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import { Page } from '#contract/perception.ts';
import type { CallContext, Reader } from '#contract/ports.ts';
import type { DocumentEngine, DocumentFacts } from './engine.ts';

/** Documents for the exam: one with at least two pages (or one page if its kind has no pages) of text, and one cut short or garbled. */
export interface ExamDocuments {
  readonly good: Uint8Array;
  /** A word that stands in the good one. */
  readonly word: string;
  readonly broken: readonly Uint8Array[];
  readonly mimeType: string;
}

/** A media part of some bytes, for tests. */
export function partOf(bytes: Uint8Array, mimeType: string, name = 'document'): MediaPart {
  return {
    media: {
      part: 'part-1',
      kind: 'document',
      name,
      source: 'bytes',
      mimeType,
      sizeBytes: bytes.length,
      sha256: '0'.repeat(64),
    },
    bytes: async () => bytes,
    async *stream() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
    async close() {},
  };
}

/** Reads everything with one engine. */
export async function readAll(
  engine: DocumentEngine,
  bytes: Uint8Array,
  {
    reader = null,
    maxPages = 1_000,
    signal = new AbortController().signal,
    language = 'en' as 'en' | 'zh',
    mimeType = engine.mimeTypes[0] ?? '',
  }: {
    reader?: Reader | null;
    maxPages?: number;
    signal?: AbortSignal;
    language?: 'en' | 'zh';
    mimeType?: string;
  } = {},
): Promise<{
  readonly pages: readonly Page[];
  readonly losses: readonly Loss[];
  readonly facts: DocumentFacts | null;
}> {
  const losses: Loss[] = [];
  const pages: Page[] = [];
  let facts: DocumentFacts | null = null;
  const context: CallContext = { signal, note: (loss) => losses.push(loss) };
  const options = {
    reader,
    maxPages,
    language,
    onFacts: (told: DocumentFacts) => {
      facts = told;
    },
  };
  const document = { part: 'part-1', name: 'document', media: partOf(bytes, mimeType) };
  for await (const page of engine.read(document, options, context)) pages.push(page);
  return { pages, losses, facts };
}

/** The exam every engine has to pass. Registers its tests; call it inside a test file. */
export function documentExam(
  name: string,
  engine: () => Promise<DocumentEngine>,
  documents: () => Promise<ExamDocuments>,
): void {
  describe(`document exam: ${name}`, () => {
    it('reads pages in order, each well formed, with the facts told first', async () => {
      const { good, word, mimeType } = await documents();
      const { pages, facts } = await readAll(await engine(), good, { mimeType });
      expect(facts).not.toBeNull();
      expect(pages.map((page) => page.number)).toEqual(pages.map((_, index) => index + 1));
      for (const page of pages) {
        expect(Page.parse(page)).toEqual(page);
        expect(page.reason).not.toBe('');
        expect(page.source === 'nothing').toBe(page.text === '');
        expect(page.text).toBe(page.text.trim());
        expect(page.text).toBe(page.text.normalize('NFC'));
      }
      expect(pages.map((page) => page.text).join('\n')).toContain(word);
    });

    it('says the same thing twice', async () => {
      const { good, mimeType } = await documents();
      expect(await readAll(await engine(), good, { mimeType })).toEqual(
        await readAll(await engine(), good, { mimeType }),
      );
    });

    it('answers what is broken with read.*, or with what is left of it', async () => {
      const { broken, mimeType } = await documents();
      for (const bytes of broken) {
        const outcome = await readAll(await engine(), bytes, { mimeType }).catch((error: unknown) => error);
        if (outcome instanceof Error)
          expect(outcome).toMatchObject({ code: expect.stringMatching(/^read\./), hint: expect.stringMatching(/./) });
      }
    });

    it('refuses more pages than are allowed', async () => {
      const { good, mimeType } = await documents();
      const { pages } = await readAll(await engine(), good, { mimeType });
      if (pages.length < 2) return;
      const tooMany = readAll(await engine(), good, { mimeType, maxPages: pages.length - 1 });
      await expect(tooMany).rejects.toMatchObject({ code: 'read.too-large' });
    });

    it('stops when it is cancelled, and reads again afterwards', async () => {
      const { good, mimeType } = await documents();
      const cancelled = readAll(await engine(), good, { mimeType, signal: AbortSignal.abort() });
      await expect(cancelled).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect((await readAll(await engine(), good, { mimeType })).pages.length).toBeGreaterThan(0);
    });
  });
}
