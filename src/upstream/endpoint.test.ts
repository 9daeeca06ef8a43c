import { expect, it } from 'vitest';
import { endpointOf, mustBeOpen } from './endpoint.ts';

it('takes nobody for a vendor only because they speak its API', () => {
  const own = endpointOf('house', { baseUrl: 'http://127.0.0.1:8000/v1', dialect: 'openai' });
  // llama-cpp-python's server passes over OpenAI's new name of the limit in silence.
  expect(own.vendor).toBeNull();
  expect(() => mustBeOpen(own, 'house:m', false)).not.toThrow();
});

it('knows a server people run themselves by its dialect, and a vendor by its name', () => {
  const theirs = endpointOf('house', { baseUrl: 'http://127.0.0.1:8000/v1', dialect: 'vllm' });
  expect(theirs.vendor?.name).toBe('vllm');
  expect(endpointOf('openai', { apiKey: 'k' }).vendor?.name).toBe('openai');
  expect(endpointOf('openai', { baseUrl: 'http://127.0.0.1:1/v1' }).vendor).toBeNull();
});
