const SERVICES = {
  token: ['https://aip.baidubce.com', '/oauth/2.0/token'],
  hear: ['https://vop.baidu.com', '/server_api'],
  'hear-pro': ['https://vop.baidu.com', '/pro_api'],
  speak: ['https://tsn.baidu.com', '/text2audio'],
} as const;

/** A service of Baidu's: tokens, short recordings heard (the quick model is `pro`), sentences spoken. */
export type BaiduService = keyof typeof SERVICES;

/** Where a service is: Baidu has a host for each, another server has them all below its one address. */
export function baiduAddress(service: BaiduService, baseUrl: URL): URL {
  const [host, path] = SERVICES[service];
  const isBaidus = Object.values(SERVICES).some(([own]) => new URL(own).hostname === baseUrl.hostname);
  if (isBaidus) return new URL(path, host);
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}
