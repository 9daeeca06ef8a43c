import { expect, it } from 'vitest';
import { multipart } from './multipart.ts';

const read = ({ contentType, body }: ReturnType<typeof multipart>) =>
  new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();

it('is read back by somebody else as it was put in', async () => {
  const bytes = Uint8Array.from([0, 13, 10, 45, 45, 255]);
  const form = await read(
    multipart(
      [
        ['model', 'm'],
        ['include[]', 'logprobs'],
        ['include[]', '你好\r\n--x'],
        ['a"b\nc', ''],
      ],
      { field: 'file', filename: 'so "und".wav', mimeType: 'audio/wav', bytes },
    ),
  );
  expect(form.getAll('include[]')).toEqual(['logprobs', '你好\r\n--x']);
  expect(form.get('model')).toBe('m');
  expect(form.get('a"b\nc')).toBe('');
  const file = form.get('file') as File;
  expect([file.name, file.type]).toEqual(['so "und".wav', 'audio/wav']);
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
});

it('may have no file', async () => {
  expect([...(await read(multipart([['a', 'b']]))).keys()]).toEqual(['a']);
});
