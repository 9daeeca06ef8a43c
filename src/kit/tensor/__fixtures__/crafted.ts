import { readFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';

const OF_TORCH = [
  ...['float32', 'bfloat16', 'float16', 'float64', 'batch-of-one', 'with-gradient', 'many-rows', 'named'],
  ...['batch-of-two', 'view', 'strided', 'integers', 'quantised', 'dictionary', 'not-finite', 'sparse'],
  ...['expanded', 'parameter', 'protocol-4', 'legacy'],
];

/** A file of PyTorch from this folder. */
export function fileOfTorch(name: string): Buffer {
  return readFileSync(new URL(name.includes('.') ? name : `${name}.pt`, import.meta.url));
}

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
  /** Bytes of the two heads that are not as they should be, by their place in the list’s line. */
  readonly says?: readonly (readonly [at: number, value: number])[];
}

/** A ZIP file that says of its entries whatever it is told to say. */
export function zipThatSays(entries: readonly ZipEntry[], deflate = false): Buffer {
  const files: Buffer[] = [];
  const lines: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, says = [] } of entries) {
    const content = deflate ? deflateRawSync(bytes) : bytes;
    const line = Buffer.alloc(46);
    line.writeUInt32LE(0x02014b50);
    line.writeUInt16LE(deflate ? 8 : 0, 10);
    line.writeUInt32LE(crc32(bytes), 16);
    line.writeUInt32LE(content.length, 20);
    line.writeUInt32LE(bytes.length, 24);
    line.writeUInt16LE(name.length, 28);
    line.writeUInt32LE(at, 42);
    for (const [place, value] of says) line.writeUInt16LE(value & 0xffff, place);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    line.copy(local, 4, 6, 32);
    files.push(local, Buffer.from(name, 'latin1'), content);
    lines.push(line, Buffer.from(name, 'latin1'));
    at += 30 + name.length + content.length;
  }
  const list = Buffer.concat(lines);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, list, end]);
}

/** A tensor file around any pickle and any numbers. */
export function around(pickle: Buffer, data: Buffer, deflate = false): Buffer {
  return zipThatSays(
    [
      { name: 'a/data.pkl', bytes: pickle },
      { name: 'a/data/0', bytes: data },
    ],
    deflate,
  );
}

/** The pickle of a file of PyTorch. */
export function pickleIn(file: Buffer): Buffer {
  const start = file.indexOf('\x80\x02c', 0, 'latin1');
  return file.subarray(start, file.indexOf('PK', start));
}

/** Numbers from 0 to below `most`, always the same for a seed (a linear congruence; Numerical Recipes’ constants). */
export function draws(seed: number): (most: number) => number {
  let state = seed >>> 0;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

const INTERESTING = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0xffffffff];
const OPCODES = Buffer.from('(.0123FIJKLMNPQRSTUVXabcdegijlopqrstu}]ht)\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b', 'latin1');
const WORDS = ['cos\nsystem\n', 'cbuiltins\neval\n', 'ctorch\n_sparse_tensor\n', 'X\x04\x00\x00\x00echo', 'q\x00', '\x85R.'];

/** Makers of files that nobody should have to read, each from a seed. */
export function craftedTensor(seed: number): Buffer {
  const draw = draws(seed * 7919 + 1);
  const file = Buffer.from(fileOfTorch(OF_TORCH[draw(OF_TORCH.length)] ?? ''));
  switch (draw(8)) {
    case 0:
      for (let n = draw(8); n >= 0; n--) file[draw(file.length)] = draw(256);
      return file;
    case 1:
      return file.subarray(0, draw(file.length + 1));
    case 2: {
      const from = draw(file.length);
      const other = fileOfTorch(OF_TORCH[draw(OF_TORCH.length)] ?? '');
      return Buffer.concat([file.subarray(0, from), other.subarray(draw(other.length))]);
    }
    case 3:
      for (let n = draw(4); n >= 0; n--) {
        file.writeUInt32LE(INTERESTING[draw(INTERESTING.length)] ?? 0, draw(Math.max(1, file.length - 4)));
      }
      return file;
    case 4:
      return around(crafted(Buffer.from(pickleIn(fileOfTorch('float32'))), draw), Buffer.alloc(draw(64)));
    case 5: {
      const pickle = Array.from({ length: draw(200) }, () => {
        const word = WORDS[draw(WORDS.length * 6)];
        return word === undefined ? OPCODES.subarray(draw(OPCODES.length)).subarray(0, 1) : Buffer.from(word, 'latin1');
      });
      return around(Buffer.concat([Buffer.from([0x80, 2]), ...pickle]), Buffer.alloc(draw(64)));
    }
    case 6:
      return around(pickleIn(fileOfTorch('float32')), Buffer.alloc(draw(100_000)), draw(2) === 0);
    default: {
      const head = `{"x":{"dtype":"${['F32', 'BF16', 'I64'][draw(3)]}","shape":[${draw(4)},${INTERESTING[draw(12)]}],"data_offsets":[0,${draw(64)}]}}`;
      const size = Buffer.alloc(8);
      size.writeBigUInt64LE(BigInt(draw(4) === 0 ? (INTERESTING[draw(12)] ?? 0) : head.length));
      return Buffer.concat([size, Buffer.from(head), Buffer.alloc(draw(64))]);
    }
  }
}

/** The integers of a real pickle changed, and sometimes another byte. */
function crafted(pickle: Buffer, draw: (most: number) => number): Buffer {
  const from = pickle.indexOf('cpuq\x04', 0, 'latin1') + 5;
  const integer = () => {
    const value = INTERESTING[draw(INTERESTING.length)] ?? 0;
    const bytes = Buffer.alloc(5);
    bytes[0] = 0x4a;
    bytes.writeUInt32LE(value, 1);
    return draw(2) === 0 ? bytes : Buffer.from([0x4b, draw(8)]);
  };
  const latin = (text: string) => Buffer.from(text, 'latin1');
  const made = Buffer.concat([
    pickle.subarray(0, from),
    integer(),
    latin('tq\x05Q'),
    integer(),
    integer(),
    integer(),
    latin('\x86q\x06'),
    integer(),
    integer(),
    latin('\x86q\x07\x89ccollections\nOrderedDict\nq\x08)Rq\ttq\nRq\x0b.'),
  ]);
  if (draw(3) === 0) made[draw(made.length)] = draw(256);
  return made;
}
