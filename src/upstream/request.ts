/** Who asks. */
export const AGENT = { 'user-agent': 'sensorium' } as const;

/** A key as most servers take it. */
export function bearer(apiKey: string | null): Record<string, string> {
  return apiKey ? { authorization: `Bearer ${apiKey}` } : {};
}

/** An address of the API below its base, which people also write with the path of its best-known one. `path` may hold a query. */
export function addressBelow(baseUrl: URL, path: string): URL {
  const url = new URL(baseUrl);
  const [pathname = '', query = ''] = path.split('?', 2);
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '')}/${pathname}`;
  url.search = query;
  return url;
}
