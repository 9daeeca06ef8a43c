import { SensoriumError } from '#contract/error.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import type { DocumentEngine } from './engine.ts';

/** The smallest correct engine: a page for every form feed in a text, as it stands. */
export const fakeDocumentEngine: DocumentEngine = {
  id: 'fake',
  mimeTypes: ['text/x-fake'],
  async *read({ media, name }, { onFacts, maxPages }, { signal }) {
    throwIfCancelled(signal);
    const texts = new TextDecoder().decode(await media.bytes()).split('\f');
    if (texts.length > maxPages) throw new SensoriumError('read.too-large', `${name} has ${texts.length} pages.`);
    onFacts({ format: 'fake', title: null, unit: 'page', pages: texts.length });
    for (const [index, text] of texts.entries()) {
      throwIfCancelled(signal);
      const source = text.trim() === '' ? 'nothing' : 'markup';
      yield {
        number: index + 1,
        title: null,
        text: text.trim(),
        source,
        reason: 'as it stands',
        lines: [],
        engine: null,
      };
    }
  },
};
