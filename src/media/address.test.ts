import { expect, it } from 'vitest';
import { guardedLookup, isPublicAddress } from './address.ts';

it.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111', '2a00:1450:4001:80e::200e', '::ffff:8.8.8.8'])(
  'lets %s through',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

it.each([
  '127.0.0.1',
  '127.8.9.1',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.5.5',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  '198.18.0.1',
  '203.0.113.9',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::808:808',
  '::ffff:0:10.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2001::1',
  'fe80::1',
  'fec0::1',
  'fd00:ec2::254',
  '2001:db8::1',
  'ff02::1',
  'localhost',
  '',
])('refuses %s', (address) => expect(isPublicAddress(address)).toBe(false));

it.each([{ all: true }, {}])('refuses a name whose address is not public, asked with %o', async (options) => {
  const error = await new Promise((resolve) => guardedLookup('localhost', options, resolve));
  expect(error).toMatchObject({ code: 'media.url-refused' });
});
