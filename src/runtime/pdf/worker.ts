import { Worker } from 'node:worker_threads';
import type { Pixels } from '#contract/media.ts';
import { serve } from '../worker/serve.ts';
import { openHere, type PdfHere } from './here.ts';
import type { PdfFacts, PdfPage, PictureSize } from './page.ts';
import { loadPdfium } from './pdfium.ts';

export interface OpenCall {
  readonly path: string;
  /** The process is ended when it needs more memory than this. */
  readonly maxRssBytes: number;
}

export interface PictureCall extends PictureSize {
  readonly number: number;
}

let file: PdfHere | undefined;

serve({
  async open({ path, maxRssBytes }: OpenCall): Promise<PdfFacts> {
    watchMemory(maxRssBytes);
    file = openHere(await loadPdfium(), path);
    return file.facts;
  },

  async page(number: number): Promise<PdfPage> {
    return opened().page(number);
  },

  async picture({ number, ...size }: PictureCall): Promise<Pixels> {
    return opened().picture(number, size);
  },
});

function opened(): PdfHere {
  if (!file) throw new Error('open comes first');
  return file;
}

// A few bytes may unpack to gigabytes in one call that nothing here can interrupt, so a thread beside it looks on.
function watchMemory(maxRssBytes: number): void {
  if (process.memoryUsage.rss() > maxRssBytes) process.kill(process.pid, 'SIGKILL');
  const watch = `setInterval(() => {
    if (process.memoryUsage.rss() > ${maxRssBytes}) process.kill(process.pid, 'SIGKILL');
  }, 20)`;
  new Worker(watch, { eval: true, execArgv: [] }).unref();
}
