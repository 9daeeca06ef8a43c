/*
 * A torch file read as PyTorch reads it: entries found by the list at the end of the ZIP, the pickle run as a program on a stack.
 * Nothing here is careful; a server that judges only needs to understand. Sources: PKWARE APPNOTE §4.3, Python's pickletools.
 */

export interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Row after row. */
  readonly values: readonly number[];
}

/** The tensor in a file of `torch.save`, or a sentence on what is wrong with it. */
export function torchTensor(file: Buffer): Tensor | string {
  try {
    return load(file);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function load(file: Buffer): Tensor {
  const entries = entriesOf(file);
  const pickle = [...entries].find(([name]) => name.endsWith('/data.pkl'))?.[1];
  if (pickle === undefined) throw new Error('no data.pkl in the archive');
  const [storage, offset, shape, strides] = run(pickle) as [Storage, number, number[], number[]];
  const data = [...entries].find(([name]) => name.endsWith(`/data/${storage.key}`))?.[1];
  if (data === undefined) throw new Error('the storage is missing');
  const read = READ[storage.type];
  if (read === undefined) throw new Error(`dtype of ${storage.type}`);
  const [rows = 0, width = 0] = shape.slice(-2);
  const [down = 0, right = 0] = strides.slice(-2);
  const values = Array.from({ length: rows * width }, (_, at) =>
    read(data, offset + Math.floor(at / width) * down + (at % width) * right),
  );
  return { dtype: storage.type, shape, values };
}

const READ: Readonly<Record<string, (bytes: Buffer, at: number) => number>> = {
  FloatStorage: (bytes, at) => bytes.readFloatLE(at * 4),
  BFloat16Storage: (bytes, at) => {
    const four = Buffer.alloc(4);
    bytes.copy(four, 2, at * 2, at * 2 + 2);
    return four.readFloatLE();
  },
};

function entriesOf(file: Buffer): Map<string, Buffer> {
  const end = file.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new Error('PytorchStreamReader failed reading zip archive');
  const entries = new Map<string, Buffer>();
  let at = file.readUInt32LE(end + 16);
  for (let n = file.readUInt16LE(end + 10); n > 0; n--) {
    const size = file.readUInt32LE(at + 24);
    const nameBytes = file.readUInt16LE(at + 28);
    const local = file.readUInt32LE(at + 42);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    if (file.readUInt16LE(at + 10) !== 0) throw new Error('the archive is compressed');
    if (start % 64 !== 0) throw new Error('a storage is not aligned to 64 bytes');
    entries.set(file.toString('latin1', at + 46, at + 46 + nameBytes), file.subarray(start, start + size));
    at += 46 + nameBytes;
  }
  return entries;
}

interface Storage {
  readonly type: string;
  readonly key: string;
}

/** What `torch._utils._rebuild_tensor_v2` would be called with. */
function run(code: Buffer): unknown {
  const stack: unknown[] = [];
  const marks: number[] = [];
  let at = 0;
  const line = () => {
    const end = code.indexOf(10, at);
    const text = code.toString('latin1', at, end);
    at = end + 1;
    return text;
  };
  const fromMark = () => stack.splice(marks.pop() ?? 0);
  const number = (bytes: number) => {
    at += bytes;
    return bytes === 4 ? code.readInt32LE(at - 4) : code.readUIntLE(at - bytes, bytes);
  };
  for (;;) {
    const opcode = String.fromCharCode(code[at++] ?? 0);
    if (opcode === '.') return stack.at(-1);
    else if (opcode === '\x80' || opcode === 'q') at++;
    else if (opcode === 'c') stack.push(known(`${line()}.${line()}`));
    else if (opcode === '(') marks.push(stack.length);
    else if (opcode === ')') stack.push([]);
    else if (opcode === 't') stack.push(fromMark());
    else if (opcode === '\x86' || opcode === '\x87') stack.push(stack.splice(opcode === '\x86' ? -2 : -3));
    else if (opcode === '\x88' || opcode === '\x89') stack.push(opcode === '\x88');
    else if (opcode === 'K') stack.push(number(1));
    else if (opcode === 'M') stack.push(number(2));
    else if (opcode === 'J') stack.push(number(4));
    else if (opcode === 'X') {
      const length = number(4);
      stack.push(code.toString('utf8', at, at + length));
      at += length;
    } else if (opcode === 'Q') {
      const [, type, key] = stack.pop() as [string, string, string];
      stack.push({ type: type.replace('torch.', ''), key });
    } else if (opcode === 'R') {
      const args = stack.pop();
      stack.push(stack.pop() === 'collections.OrderedDict' ? {} : args);
    } else throw new Error(`Unsupported operand ${opcode.charCodeAt(0)}`);
  }
}

/** As with `weights_only`, nothing else may be named. */
function known(name: string): string {
  if (/^(torch\._utils\._rebuild_tensor_v2|torch\.\w+Storage|collections\.OrderedDict)$/.test(name)) return name;
  throw new Error(`Unsupported global: GLOBAL ${name} was not an allowed global by default.`);
}
