import { expect, it } from 'vitest';
import { hasPlaceFor } from './wire-messages.ts';

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
] as const)('%s of type %s has a place in OpenAI’s API: %s', (kind, mimeType, can) => {
  expect(hasPlaceFor({ kind, mimeType })).toBe(can);
});
