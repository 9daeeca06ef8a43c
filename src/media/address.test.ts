import { expect, it } from 'vitest';
import { guardedLookup, isPublicAddress, type Lookup } from './address.ts';

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
  '::127.0.0.1',
  '::5efe:7f00:1',
  '4000::1',
  '3fff::1',
  '5f00::1',
  '100::1',
  '2002:808:808::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '192.88.99.1',
  '192.0.2.1',
  'localhost',
  '',
])('refuses %s', (address) => expect(isPublicAddress(address)).toBe(false));

const asked = (lookup: Lookup, options: object) =>
  new Promise<unknown[]>((resolve) => lookup('media.example', options, (...answer) => resolve(answer)));

it.each([{ all: true }, {}])('gives on what it checked, asked once with %o', async (options) => {
  let times = 0;
  const rebinding = guardedLookup((_name, _options, done) => {
    done(null, [{ address: times++ === 0 ? '8.8.8.8' : '127.0.0.1', family: 4 }]);
  });
  const [error, first] = await asked(rebinding, options);
  expect(error).toBeNull();
  expect(JSON.stringify(first)).toContain('8.8.8.8');
  expect(times).toBe(1);
  expect(await asked(rebinding, options)).toEqual([expect.objectContaining({ code: 'media.url-refused' })]);
});

it.each<[string, readonly string[]]>([
  ['one that is private beside public ones', ['8.8.8.8', '10.0.0.1']],
  ['one that is private behind public ones of the other kind', ['2606:4700:4700::1111', '8.8.8.8', 'fe80::1']],
  ['IPv4 inside IPv6', ['::ffff:127.0.0.1']],
  ['none at all', []],
  ['what is no address', ['localhost']],
])('refuses a name with %s', async (_, addresses) => {
  const hostile = guardedLookup((_name, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    ),
  );
  expect(await asked(hostile, { all: true })).toEqual([expect.objectContaining({ code: 'media.url-refused' })]);
});
