import { expect, it } from 'vitest';
import { canHandOver } from './hand-over.ts';

it.each([
  ['image', 'image/jpeg', true],
  ['image', 'image/tiff', false],
  ['audio', 'audio/wav', true],
  ['audio', 'audio/mpeg', true],
  ['audio', 'audio/vnd.wave; codec=11', false],
  ['audio', 'audio/ogg', false],
  ['video', 'video/mp4', true],
  ['document', 'application/pdf', true],
  ['document', 'application/rtf', false],
  ['text', 'text/plain', false],
] as const)('%s of type %s through OpenAI’s API: %s; to a local model never', (kind, mimeType, can) => {
  expect(canHandOver({ kind, mimeType }, 'openai')).toBe(can);
  expect(canHandOver({ kind, mimeType }, 'local-llama')).toBe(false);
});
