import { type FileHandle, open } from 'node:fs/promises';
import { fromHalves } from './half.ts';

/** One variable of a CTranslate2 model: where its numbers lie in the file. */
interface Variable {
  readonly dims: readonly number[];
  readonly type: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** An open CTranslate2 model. Variables are read one at a time, so memory holds no more than is asked for. */
export interface Ctranslate2Model {
  /** Such as `WhisperSpec`. */
  readonly spec: string;
  readonly names: readonly string[];
  /** Sizes of a variable's dimensions; none when the model has no such variable. */
  dims(name: string): readonly number[] | undefined;
  /** The numbers of a float16 or float32 variable, whose dimensions must be these. */
  floats(name: string, dims: readonly number[]): Promise<Float32Array>;
  /** A whole number that stands alone, such as the number of heads. */
  integer(name: string): Promise<number>;
  close(): Promise<void>;
}

/** Element types by their number in the file: ctranslate2/types.h, `enum class DataType` (MIT, github.com/OpenNMT/CTranslate2). */
const FLOAT32 = 0;
const INT8 = 1;
const INT16 = 2;
const INT32 = 3;
const FLOAT16 = 4;
const BYTES_OF: Readonly<Record<number, number>> = {
  [FLOAT32]: 4,
  [INT8]: 1,
  [INT16]: 2,
  [INT32]: 4,
  [FLOAT16]: 2,
  5: 2,
};

/** Binary versions whose variables say their element type and size, as they do since 2020. */
const VERSIONS = [4, 5, 6];
const MAX_VARIABLES = 100_000;
const MAX_RANK = 8;
const MAX_NAME_BYTES = 1_000;

/**
 * Opens a CTranslate2 `model.bin` and reads its table of variables, little-endian: u32 version, spec name, u32 revision,
 * u32 count, then for each variable its name, u8 rank, u32 dimensions, u8 type, u32 bytes and the numbers; at the end
 * u32 count of aliases, each a name and what it stands for. A string is u16 length and its bytes with a NUL. Throws an `Error`
 * that says what is wrong when the file is cut off or contradicts itself; nothing is read or kept that does not fit into it.
 */
export async function openCtranslate2(path: string): Promise<Ctranslate2Model> {
  const file = await open(path, 'r');
  try {
    const { spec, variables } = await readTable(new Cursor(file, (await file.stat()).size));
    return modelOf(file, spec, variables);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function modelOf(file: FileHandle, spec: string, variables: ReadonlyMap<string, Variable>): Ctranslate2Model {
  async function read(name: string): Promise<Variable & { readonly bytes: Buffer }> {
    const variable = variables.get(name);
    if (!variable) throw new Error(`The model has no ${name}.`);
    const bytes = Buffer.alloc(variable.sizeBytes);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, variable.offset);
    if (bytesRead < bytes.length) throw new Error(`The model ends inside ${name}.`);
    return { ...variable, bytes };
  }

  return {
    spec,
    names: [...variables.keys()],
    dims: (name) => variables.get(name)?.dims,
    async floats(name, dims) {
      const found = variables.get(name)?.dims;
      if (found && found.join() !== dims.join())
        throw new Error(`${name} is ${found.join('×')}, not ${dims.join('×')}.`);
      const { type, bytes } = await read(name);
      const { buffer, byteOffset } = bytes;
      if (type === FLOAT32) return new Float32Array(buffer, byteOffset, bytes.length / 4);
      if (type !== FLOAT16) throw new Error(`${name} is not in float16 or float32 (type ${type}).`);
      return fromHalves(new Uint16Array(buffer, byteOffset, bytes.length / 2));
    },
    async integer(name) {
      const { type, bytes } = await read(name);
      if (type === INT8 && bytes.length === 1) return bytes.readInt8();
      if (type === INT16 && bytes.length === 2) return bytes.readInt16LE();
      if (type === INT32 && bytes.length === 4) return bytes.readInt32LE();
      throw new Error(`${name} is not a single whole number.`);
    },
    close: () => file.close(),
  };
}

async function readTable(cursor: Cursor): Promise<{ spec: string; variables: Map<string, Variable> }> {
  const version = (await cursor.take(4)).readUInt32LE();
  if (!VERSIONS.includes(version)) throw new Error(`This is not a CTranslate2 model of a known version (${version}).`);
  const spec = await cursor.string();
  await cursor.take(4);
  const count = (await cursor.take(4)).readUInt32LE();
  if (count > MAX_VARIABLES) throw new Error(`The model claims to have ${count} variables.`);
  const variables = new Map<string, Variable>();
  for (let at = 0; at < count; at += 1) {
    const name = await cursor.string();
    const rank = (await cursor.take(1)).readUInt8();
    if (rank > MAX_RANK) throw new Error(`${name} claims to have ${rank} dimensions.`);
    const sizes = await cursor.take(4 * rank);
    const dims = Array.from({ length: rank }, (_, axis) => sizes.readUInt32LE(4 * axis));
    const rest = await cursor.take(5);
    const type = rest.readUInt8();
    const sizeBytes = rest.readUInt32LE(1);
    const expected = dims.reduce((product, dim) => product * dim, BYTES_OF[type] ?? Number.NaN);
    if (expected !== sizeBytes) throw new Error(`${name} has ${sizeBytes} bytes, which is not what its shape needs.`);
    variables.set(name, { dims, type, offset: cursor.at, sizeBytes });
    cursor.skip(sizeBytes, name);
  }
  const aliases = (await cursor.take(4)).readUInt32LE();
  if (aliases > MAX_VARIABLES) throw new Error(`The model claims to have ${aliases} aliases.`);
  for (let at = 0; at < aliases; at += 1) {
    const [alias, name] = [await cursor.string(), await cursor.string()];
    const variable = variables.get(name);
    if (variable && !variables.has(alias)) variables.set(alias, variable);
  }
  return { spec, variables };
}

const WINDOW_BYTES = 4_096;

/** Reads small pieces of a file one after the other and steps over large ones. */
class Cursor {
  at = 0;
  private window = Buffer.alloc(0);
  private windowStart = 0;

  private readonly file: FileHandle;
  private readonly sizeBytes: number;

  constructor(file: FileHandle, sizeBytes: number) {
    this.file = file;
    this.sizeBytes = sizeBytes;
  }

  async take(bytes: number): Promise<Buffer> {
    const start = this.at;
    this.skip(bytes, 'its table of variables');
    if (start < this.windowStart || this.at > this.windowStart + this.window.length) {
      this.windowStart = start;
      const window = Buffer.alloc(Math.min(WINDOW_BYTES, this.sizeBytes - start));
      const { bytesRead } = await this.file.read(window, 0, window.length, start);
      this.window = window.subarray(0, bytesRead);
    }
    const from = start - this.windowStart;
    const taken = this.window.subarray(from, from + bytes);
    if (taken.length < bytes) throw new Error('The model ends inside its table of variables.');
    return taken;
  }

  async string(): Promise<string> {
    const length = (await this.take(2)).readUInt16LE();
    if (length > MAX_NAME_BYTES) throw new Error(`The model holds a name of ${length} bytes.`);
    return (await this.take(length)).toString('utf8').replace(/\0$/, '');
  }

  skip(bytes: number, what: string): void {
    this.at += bytes;
    if (this.at > this.sizeBytes) throw new Error(`The model ends inside ${what}.`);
  }
}
