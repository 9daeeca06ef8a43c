import { expect, it } from 'vitest';
import { refuseCompressedBody } from './encoding.ts';

it.each([undefined, '', 'identity', 'Identity'])('takes a body whose Content-Encoding is %s', (coding) => {
  expect(() => refuseCompressedBody(coding)).not.toThrow();
});

it.each(['gzip', 'deflate', 'br', 'zstd', 'identity, gzip', 'GZIP'])('refuses one in %s', (coding) => {
  expect(() => refuseCompressedBody(coding)).toThrow(
    expect.objectContaining({ code: 'server.bad-request', details: { status: 415 } }),
  );
});
