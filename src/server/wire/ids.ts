/** An id in the form of OpenAI’s, made from a request’s own: `req_0a…` gives `chatcmpl-0a…`. */
export function wireId(prefix: string, requestId: string): string {
  return prefix + requestId.slice('req_'.length);
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
