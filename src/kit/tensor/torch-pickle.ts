import type { NumberType } from './number-type.ts';
import { badTensor } from './refusal.ts';

/** What a tensor's pickle says of it. `sizes` are its axes, `strides` the steps between neighbours along each, in numbers. */
export interface Pickled {
  readonly type: NumberType;
  readonly numbers: number;
  readonly offset: number;
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

const STORAGES: Readonly<Record<string, NumberType>> = {
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  DoubleStorage: 'float64',
};

// Pickle protocol 2 (Python's pickletools) names its opcodes by letters; `q` and a number remembers the last object.
const HEAD = latin('\x80\x02ctorch._utils\n_rebuild_tensor_v2\nq\x00((X\x07\x00\x00\x00storageq\x01ctorch\n');
const KEY = latin('\nq\x02X\x01\x00\x00\x000q\x03X');
const CPU = latin('\x03\x00\x00\x00cpuq\x04');
const STORAGE_END = latin('tq\x05Q');
/** BININT1, BININT2 and BININT, by how many bytes follow. */
const INTEGER_BYTES: ReadonlyMap<number, number> = new Map([
  [0x4b, 1],
  [0x4d, 2],
  [0x4a, 4],
]);
const LONG1 = 0x8a;
const TUPLE_2 = 0x86;
const TUPLE_3 = 0x87;
const FALSE = 0x89;
const TRUE = 0x88;
const TAIL = latin('ccollections\nOrderedDict\nq\x08)Rq\ttq\nRq\x0b.');

/** The pickle of one contiguous tensor with two axes, exactly as `torch.save` writes it. */
export function writePickle(type: 'float32' | 'bfloat16', rows: number, width: number): Buffer {
  return Buffer.concat([
    HEAD,
    latin(type === 'float32' ? 'FloatStorage' : 'BFloat16Storage'),
    KEY,
    CPU,
    written(rows * width),
    STORAGE_END,
    written(0),
    written(rows),
    written(width),
    latin('\x86q\x06'),
    written(width),
    written(1),
    latin('\x86q\x07\x89'),
    TAIL,
  ]);
}

/** An integer in the shortest of the forms that Python's own pickler chooses from. */
function written(value: number): Buffer {
  if (value < 0x100) return Buffer.from([0x4b, value]);
  const bytes = Buffer.alloc(value < 0x10000 ? 3 : 5);
  bytes[0] = value < 0x10000 ? 0x4d : 0x4a;
  bytes.writeUIntLE(value, 1, bytes.length - 1);
  return bytes;
}

/**
 * Reads a pickle by comparing it, byte by byte, with the one that `torch.save` writes for a plain tensor on the processor; only
 * the numbers in it and the type of its storage may differ. Nothing is ever built or looked up by what it names. Throws
 * `inject.bad-vectors` (EMB_SHAPE; EMB_TOO_LARGE for a number beyond 2^31).
 */
export function readPickle(pickle: Buffer): Pickled {
  const reader = readerOf(pickle);
  reader.same(HEAD, 'it is not one plain tensor');
  const name = reader.word();
  const type = Object.hasOwn(STORAGES, name) ? STORAGES[name] : undefined;
  if (type === undefined) throw odd('its numbers are not floating-point');
  reader.same(KEY, 'its storage has another name');
  reader.same(CPU, 'it was saved from a graphics card');
  const numbers = reader.integer();
  reader.same(STORAGE_END, 'its storage says more than it should');
  const offset = reader.integer();
  const sizes = reader.axes(6);
  const strides = reader.axes(7);
  if (sizes.length !== strides.length) throw odd('it has another number of axes than of steps');
  if (![FALSE, TRUE].includes(reader.byte())) throw odd('it is not one plain tensor');
  reader.same(TAIL, 'it carries more than numbers');
  reader.end();
  return { type, numbers, offset, sizes, strides };
}

function readerOf(pickle: Buffer) {
  let at = 0;
  const byte = () => {
    if (at >= pickle.length) throw odd('it ends in the middle');
    return pickle[at++] ?? 0;
  };
  const taken = (count: number) => {
    if (at + count > pickle.length) throw odd('it ends in the middle');
    at += count;
    return pickle.readUIntLE(at - count, count);
  };
  const integer = (opcode = byte()): number => {
    const read = INTEGER_BYTES.get(opcode);
    if (read === undefined) {
      if (opcode !== LONG1) throw odd('a number is missing');
      throw badTensor('EMB_TOO_LARGE', 'The tensor declares a size beyond 2^31.', { threshold: 2 ** 31 - 1 });
    }
    const value = taken(read);
    if (value > 0x7fffffff) throw odd('a size or a step is negative');
    return value;
  };
  return {
    byte,
    integer: () => integer(),
    same(expected: Buffer, why: string) {
      if (!pickle.subarray(at, at + expected.length).equals(expected)) throw odd(why);
      at += expected.length;
    },
    word(): string {
      const end = pickle.indexOf(10, at);
      if (end < 0 || end - at > 40) throw odd('it ends in the middle');
      const word = pickle.toString('latin1', at, end);
      at = end;
      return word;
    },
    /** Two or three integers and the mark that makes a tuple of them, remembered as number `memo`. */
    axes(memo: number): number[] {
      const axes = [integer(), integer()];
      let opcode = byte();
      if (opcode !== TUPLE_2) {
        axes.push(integer(opcode));
        opcode = byte();
        if (opcode !== TUPLE_3) throw odd('it has other than two axes');
      }
      if (byte() !== 0x71 || byte() !== memo) throw odd('it is not one plain tensor');
      return axes;
    },
    end() {
      if (at !== pickle.length) throw odd('something follows it');
    },
  };
}

function latin(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function odd(why: string): Error {
  return badTensor('EMB_SHAPE', `The tensor is not a plain one of two axes: ${why}.`);
}
