import { badRequest } from './body-source.ts';

/** Refuses a body that is compressed: a few bytes of it may stand for gigabytes. The HTTP status for this is 415. */
export function refuseCompressedBody(contentEncoding: string | undefined): void {
  const codings = (contentEncoding ?? '').split(',').map((coding) => coding.trim().toLowerCase());
  if (codings.every((coding) => coding === '' || coding === 'identity')) return;
  throw badRequest('Compressed request bodies are not taken: send this one without Content-Encoding.', { status: 415 });
}
