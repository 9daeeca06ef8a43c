import fc from 'fast-check';

/**
 * One thing that goes wrong with a file. Places are shares of its length, so that one damage fits files of any size; a negative one
 * counts bytes from the start.
 */
export type Damage =
  | { readonly kind: 'byte'; readonly at: number; readonly value: number }
  | { readonly kind: 'cut'; readonly at: number }
  | {
      readonly kind: 'number';
      readonly at: number;
      readonly bytes: 1 | 2 | 4 | 8;
      readonly little: boolean;
      readonly value: bigint;
    }
  | { readonly kind: 'remove' | 'zero'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'overwrite' | 'insert'; readonly at: number; readonly bytes: Uint8Array };

/** No file grows beyond this by being repeated. */
const MOST_BYTES = 4 * 2 ** 20;

/** Numbers that programs fall over. */
const ODD_NUMBERS = [
  0n,
  1n,
  2n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x10000n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fff0n,
  0xffff_ffffn,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

/** Whoever damages these only makes a file of no kind. */
const MAGIC_BYTES = 12;

// Heads are where formats keep what they claim.
const place = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 5, arbitrary: fc.double({ min: 0, max: 0.03, noNaN: true }) },
  { weight: 1, arbitrary: fc.integer({ min: -MAGIC_BYTES, max: -1 }) },
);
const length = fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 64, max: 20_000 }));

const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('byte' as const), at: place, value: fc.nat(255) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('number' as const),
      at: place,
      bytes: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
      little: fc.boolean(),
      value: fc.oneof(fc.constantFrom(...ODD_NUMBERS), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('remove' as const, 'zero' as const), at: place, length }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('repeat' as const),
      at: place,
      length,
      times: fc.integer({ min: 1, max: 200 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('overwrite' as const, 'insert' as const),
      at: place,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    }),
  },
);

/** What goes wrong with one file. */
export const damages = fc.oneof(
  { weight: 4, arbitrary: fc.array(damage, { minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: fc.array(damage, { minLength: 2, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(damage, { minLength: 5, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constant([]) },
);

/** The file after everything has gone wrong with it, one after the other. */
export function damaged(file: Uint8Array, all: readonly Damage[]): Uint8Array {
  return all.reduce(apply, file);
}

function apply(file: Uint8Array, one: Damage): Uint8Array {
  const share = MAGIC_BYTES + one.at * Math.max(0, file.length - MAGIC_BYTES);
  const at = Math.min(file.length, Math.floor(one.at < 0 ? -one.at : share));
  const before = file.subarray(0, at);
  switch (one.kind) {
    case 'cut':
      return before;
    case 'byte':
      return over(file, at, Uint8Array.of(one.value));
    case 'overwrite':
      return over(file, at, one.bytes);
    case 'insert':
      return Buffer.concat([before, one.bytes, file.subarray(at)]);
    case 'remove':
      return Buffer.concat([before, file.subarray(at + one.length)]);
    case 'zero':
      return over(file, at, new Uint8Array(one.length));
    case 'repeat': {
      const piece = file.subarray(at, at + one.length);
      const times = Math.min(one.times, Math.floor((MOST_BYTES - file.length) / Math.max(1, piece.length)));
      return Buffer.concat([before, ...Array.from({ length: Math.max(0, times) }, () => piece), file.subarray(at)]);
    }
    case 'number': {
      const digits = Array.from({ length: one.bytes }, (_, digit) => Number((one.value >> BigInt(digit * 8)) & 0xffn));
      return over(file, at, Uint8Array.from(one.little ? digits : digits.reverse()));
    }
  }
}

function over(file: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(file);
  changed.set(bytes.subarray(0, file.length - at), at);
  return changed;
}
