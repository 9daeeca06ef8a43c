import type { Provider } from '#upstream/endpoint.ts';
import { IFLYTEK_TEST_KEYS } from '../../src/conformance/iflytek/sockets.ts';
import { PATIENCE } from './patience.ts';

/** iFlytek at its conformance server. */
export function iflytekAt(origin: string, more: Partial<Provider> = {}): { iflytek: Provider } {
  return { iflytek: { baseUrl: origin, ...IFLYTEK_TEST_KEYS, patience: PATIENCE, ...more } };
}

/** Whether a text holds one of the test's secrets. */
export function tellsSecrets(text: string): boolean {
  return text.includes(IFLYTEK_TEST_KEYS.apiKey) || text.includes(IFLYTEK_TEST_KEYS.apiSecret);
}
