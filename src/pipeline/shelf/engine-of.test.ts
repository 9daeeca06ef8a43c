import { expect, it } from 'vitest';
import { engineOf } from './engine-of.ts';

it('an engine of this machine gets a folder, a server its address, and one without an address is refused', () => {
  const none = { url: null, apiKey: null };
  expect(engineOf({ engine: 'sqlite', ...none }, '/here')).toEqual({ kind: 'sqlite', folder: '/here' });
  const url = 'http://127.0.0.1:6333';
  expect(engineOf({ engine: 'qdrant', url, apiKey: 'k' }, '/here')).toEqual({ kind: 'qdrant', url, apiKey: 'k' });
  expect(() => engineOf({ engine: 'milvus', ...none }, '/here')).toThrow(/nobody has said where/);
});
