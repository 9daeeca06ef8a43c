import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { around, craftedTensor, fileOfTorch, pickleIn, zipThatSays } from './__fixtures__/crafted.ts';
import { endOfReading } from './__fixtures__/ends-well.ts';
import { readBase64Tensor, readTensor, strictBase64, TENSOR_LIMITS, tensorFile, writeTensor } from './tensor.ts';

const VALUES = [0.5, -1.5, 2, 3, Math.fround(0.1), 7.25];
const rows = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  .chain(([height, width]) =>
    fc
      .float32Array({ minLength: height * width, maxLength: height * width, noNaN: true, noDefaultInfinity: true })
      .map((values) => ({ rows: height, width, values: values.map((value) => value / 2) })),
  );

const refused = (code: string) =>
  expect.objectContaining({ code: 'inject.bad-vectors', details: expect.objectContaining({ code }) });
const reading = (bytes: Buffer, limits = TENSOR_LIMITS) => {
  try {
    return readTensor(bytes, limits);
  } catch (error) {
    return error;
  }
};

describe('files of PyTorch', () => {
  it.each(['float32', 'float64', 'with-gradient', 'named', 'batch-of-one'])('reads %s exactly', (name) => {
    expect(readTensor(fileOfTorch(name))).toEqual({ rows: 2, width: 3, values: new Float32Array(VALUES) });
  });

  it.each([
    ['bfloat16', 2 ** -9],
    ['float16', 2 ** -11],
    ['bfloat16.safetensors', 2 ** -9],
  ])('reads %s as exactly as it is stored', (name, part) => {
    const { values } = readTensor(fileOfTorch(name));
    expect(values.length).toBe(6);
    for (const [at, value] of values.entries()) {
      expect(Math.abs(value - (VALUES[at] ?? 0))).toBeLessThanOrEqual(Math.abs(VALUES[at] ?? 0) * part);
    }
  });

  it('reads sizes that take more than a byte', () => {
    const { rows: height, width, values } = readTensor(fileOfTorch('many-rows'));
    expect([height, width, values[599]]).toEqual([300, 2, 599 / 64]);
  });

  it.each([
    ['batch-of-two', 'EMB_SHAPE'],
    ['view', 'EMB_SHAPE'],
    ['strided', 'EMB_SHAPE'],
    ['integers', 'EMB_SHAPE'],
    ['quantised', 'EMB_SHAPE'],
    ['dictionary', 'EMB_SHAPE'],
    ['sparse', 'EMB_SHAPE'],
    ['parameter', 'EMB_SHAPE'],
    ['protocol-4', 'EMB_SHAPE'],
    ['legacy', 'EMB_SHAPE'],
    ['expanded', 'EMB_TOO_LARGE'],
    ['not-finite', 'EMB_NOT_FINITE'],
  ])('refuses %s: %s', (name, code) => {
    expect(reading(fileOfTorch(name))).toEqual(refused(code));
  });
});

describe('files of our own', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(rows, (tensor) => {
        expect(readTensor(writeTensor({ ...tensor, type: 'float32' }))).toEqual(tensor);
        const coarse = readTensor(writeTensor({ ...tensor, type: 'bfloat16' }));
        const again = readTensor(writeTensor({ ...coarse, type: 'bfloat16' }));
        expect(again).toEqual(coarse);
        for (const [at, value] of coarse.values.entries()) {
          const exact = tensor.values[at] ?? 0;
          expect(Math.abs(value - exact)).toBeLessThanOrEqual(Math.max(Math.abs(exact) * 2 ** -8, 2 ** -134));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are as long as they say, in pieces that can be encoded one by one', () => {
    const tensor = { rows: 300, width: 100, values: new Float32Array(30_000).fill(0.25) };
    for (const type of ['float32', 'bfloat16'] as const) {
      const file = tensorFile(tensor, type);
      const whole = Buffer.concat([...file.pieces()]);
      expect(whole.length).toBe(file.sizeBytes);
      expect(whole.indexOf(type === 'float32' ? '0000803e' : '803e803e', 0, 'hex') % 64).toBe(0);
    }
  });

  it('hold no number that is none, also not one that rounding makes infinite', () => {
    const write = (value: number, type: 'float32' | 'bfloat16') =>
      writeTensor({ rows: 2, width: 2, values: new Float32Array([0, 0, 0, value]), type });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => write(value, 'float32')).toThrow('Row 1 has');
      expect(() => write(value, 'bfloat16')).toThrow('Row 1 has');
    }
    expect(() => write(3.4e38, 'bfloat16')).toThrow('Row 1 has');
    expect(write(3.4e38, 'float32').length).toBeGreaterThan(0);
    expect(() => writeTensor({ rows: 2, width: 2, values: new Float32Array(3), type: 'float32' })).toThrow(
      '2 rows of 2',
    );
  });
});

describe('limits', () => {
  const file = writeTensor({ rows: 4, width: 8, values: new Float32Array(32), type: 'float32' });

  it('tell a wrong width from a size that is too large', () => {
    expect(reading(file, { ...TENSOR_LIMITS, width: 16 })).toEqual(refused('EMB_WIDTH'));
    expect(reading(file, { ...TENSOR_LIMITS, width: 8 })).toMatchObject({ rows: 4, width: 8 });
    expect(reading(file, { ...TENSOR_LIMITS, maxRows: 3 })).toEqual(refused('EMB_TOO_LARGE'));
    expect(reading(file, { ...TENSOR_LIMITS, maxWidth: 7 })).toEqual(refused('EMB_TOO_LARGE'));
    expect(reading(file, { ...TENSOR_LIMITS, maxBytes: file.length - 1 })).toEqual(refused('EMB_TOO_LARGE'));
  });

  it('are held against the base64 text before it is decoded', () => {
    const text = file.toString('base64');
    expect(readBase64Tensor(text)).toMatchObject({ rows: 4, width: 8 });
    expect(() => strictBase64(text, file.length - 1)).toThrow('bytes long');
    expect(strictBase64(text, file.length)).toEqual(file);
  });

  it.each([
    '',
    '=',
    'A',
    'AB',
    'ABC',
    'AB=C',
    'AB==\n',
    ' AAAA',
    'AA-_',
    'AAA*',
    'AAAA====',
    'AB==',
    'ABD=',
    '一二三四',
  ])('and what is not base64 is not taken for it: %j', (text) =>
    expect(() => strictBase64(text, 100)).toThrow('not base64'),
  );
});

describe('ZIP files that say what is not so', () => {
  const pickle = pickleIn(fileOfTorch('float32'));
  const data = Buffer.alloc(24, 1);
  const says = (at: number, value: number) =>
    zipThatSays([
      { name: 'a/data.pkl', bytes: pickle },
      { name: 'a/data/0', bytes: data, says: [[at, value]] },
    ]);

  it('are read when they say what is so', () => {
    expect(reading(around(pickle, data))).toMatchObject({ rows: 2, width: 3 });
  });

  it.each([
    ['compressed', around(pickle, data, true)],
    ['a bomb', around(pickle, Buffer.alloc(20_000_000), true)],
    ['encrypted', says(8, 1)],
    ['with a checksum of something else', says(16, 1)],
    ['larger than the file', says(24, 0xffff)],
    ['a size that stands elsewhere', says(26, 0xffff)],
    ['with a comment', says(32, 4)],
    ['overlapping', says(42, 0)],
    ['with a gap', Buffer.concat([Buffer.alloc(4), around(pickle, data)])],
    ['with something behind', Buffer.concat([around(pickle, data), Buffer.alloc(1)])],
    ['with two of a name', zipThatSays([1, 2].map(() => ({ name: 'a/data.pkl', bytes: pickle })))],
    ['of many entries', zipThatSays(Array.from({ length: 13 }, (_, n) => ({ name: `a/data/${n}`, bytes: data })))],
    [
      'with code beside',
      zipThatSays([
        { name: 'a/data.pkl', bytes: pickle },
        { name: 'a/data/0', bytes: data },
        { name: 'a/code/run.py', bytes: data },
      ]),
    ],
    [
      'of the other byte order',
      zipThatSays([
        { name: 'a/data.pkl', bytes: pickle },
        { name: 'a/byteorder', bytes: Buffer.from('big') },
        { name: 'a/data/0', bytes: data },
      ]),
    ],
    ['with fewer numbers than declared', around(pickle, data.subarray(0, 20))],
    ['empty', Buffer.alloc(0)],
  ])('are refused: %s', (_, file) => expect(reading(file)).toEqual(refused('EMB_SHAPE')));
});

it('3,000 crafted tensors end well', () => {
  const ends = new Map<string, number>();
  for (let seed = 0; seed < 3_000; seed++) {
    const { end, slip } = endOfReading(craftedTensor(seed));
    if (slip !== null) expect.fail(`crafted tensor ${seed}: ${slip}`);
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  for (const end of ['read', 'EMB_SHAPE', 'EMB_NOT_FINITE', 'EMB_TOO_LARGE']) expect(ends.get(end)).toBeGreaterThan(0);
});
