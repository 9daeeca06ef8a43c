import { expect, it, vi } from 'vitest';
import type { Media } from '#contract/media.ts';
import { context } from './__fixtures__/media.ts';
import { canFit } from './can-fit.ts';
import { fitMedia } from './fit.ts';
import { canMakeFrames } from './index.ts';

const media = (kind: Media['kind'], mimeType: string, sizeBytes = 1_000): Media => ({
  part: 'part-1',
  kind,
  name: 'thing',
  source: 'bytes',
  mimeType,
  sizeBytes,
  sha256: '0'.repeat(64),
});
const any = () => true;
const none = () => false;
const only = (wanted: string) => (form: { readonly mimeType: string }) => form.mimeType === wanted;

it.each([
  ['what fits', media('image', 'image/png'), { maxBytes: 1_000 }, any],
  ['what can be made smaller', media('image', 'image/png', 5e7), { maxEncodedBytes: 1e6 }, any],
  ['what can be stored as something else', media('image', 'image/tiff'), { mimeTypes: ['image/jpeg'] }, any],
  ['what the dialect has another place for', media('audio', 'audio/ogg'), undefined, only('audio/mpeg')],
  ['a kind by another of its names', media('image', 'image/heic'), { mimeTypes: ['image/HEIC'] }, any],
  ['a form by another of its names', media('audio', 'audio/mp4'), { mimeTypes: ['audio/x-m4a'] }, only('audio/mp4')],
  ['a whole kind', media('video', 'video/x-flv'), { mimeTypes: ['video/*'] }, any],
  ['a document as it is', media('document', 'application/pdf'), { maxBytes: 1_000 }, any],
] as const)('can fit %s', (_, one, limits, accepts) => {
  expect(canFit(one, limits, accepts)).toBe(true);
});

it.each([
  ['only as an address', media('image', 'image/png'), { addressOnly: true }, any],
  ['none at once', media('image', 'image/png'), { maxCount: 0 }, any],
  ['not as image/tiff, and in no form', media('image', 'image/tiff'), undefined, none],
  ['which nothing here reads', media('image', 'image/heic'), undefined, only('image/jpeg')],
  ['which nothing here reads', media('video', 'video/unheard-of'), undefined, only('video/mp4')],
  ['at most 500 bytes of it, and nothing here', media('image', 'image/heic'), { maxBytes: 500 }, only('image/heic')],
  ['at most 500 bytes of it, and this has 1.0 kB', media('document', 'application/pdf'), { maxBytes: 500 }, any],
  ['not as text/plain', media('text', 'text/plain'), undefined, none],
  ['not as audio/vnd.wave; codec=55', media('audio', 'audio/vnd.wave; codec=55'), { mimeTypes: ['audio/ogg'] }, any],
] as const)('cannot fit: %s', (why, one, limits, accepts) => {
  expect(canFit(one, limits, accepts)).toContain(why);
});

it('takes WAV in another coding for something else than WAV', () => {
  expect(canFit(media('audio', 'audio/vnd.wave; codec=55', 9), { mimeTypes: ['audio/wav'], maxBytes: 10 }, any)).toBe(
    true,
  );
  expect(canFit(media('audio', 'audio/vnd.wave; codec=55'), { mimeTypes: ['audio/x-wav'] }, none)).not.toBe(true);
});

it('says so where it is known that there is no ffmpeg', () => {
  const tiff = media('image', 'image/tiff');
  expect(canFit(tiff, undefined, only('image/jpeg'), null)).toContain('ffmpeg');
  expect(canFit(media('audio', 'audio/ogg'), undefined, only('audio/wav'), null)).toBe(true);
  expect(canMakeFrames(any, null)).toContain('ffmpeg');
  expect(canFit(tiff, undefined, only('image/jpeg'), '/usr/bin/ffmpeg')).toBe(true);
});

it('refuses in the same words when it is asked to fit what cannot be', async () => {
  const part = { media: media('document', 'application/pdf', 2_000), bytes: vi.fn(), stream: vi.fn(), close: vi.fn() };
  await expect(fitMedia(part, { maxBytes: 1_000 }, any, context())).rejects.toMatchObject({
    code: 'native.cannot-fit',
    message: expect.stringContaining('at most 1.0 kB of it'),
    details: { part: 'part-1' },
  });
  expect(await fitMedia(part, undefined, any, context())).toEqual([part]);
  expect(part.bytes).not.toHaveBeenCalled();
});
