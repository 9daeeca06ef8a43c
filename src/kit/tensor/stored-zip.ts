import { crc32 } from 'node:zlib';
import { badTensor } from './refusal.ts';

/*
 * ZIP as PyTorch uses it: every entry stored, its bytes at a multiple of 64 (padded with an extra field called FB), one after the
 * other without a gap. Sources: PKWARE APPNOTE 6.3.10 §4.3; files of torch.save, PyTorch 2.15.
 */
const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ALIGNMENT = 64;
const PADDING = 0x4246;
/** Names are UTF-8 (bit 11); sizes stand behind the bytes (bit 3). */
const SIZES_BEHIND = 8;
const FLAGS: ReadonlySet<number> = new Set([0, SIZES_BEHIND, 0x800, 0x800 + SIZES_BEHIND]);
/** A file of one tensor has seven. */
const MOST_ENTRIES = 12;

/** Something to be stored: its bytes in pieces, made each time they are asked for. */
export interface Stored {
  readonly name: string;
  readonly sizeBytes: number;
  pieces(): Iterable<Buffer>;
}

/** The size of a ZIP file of these entries, and its bytes in pieces: an entry is never held whole. */
export function storedZip(entries: readonly Stored[]): {
  readonly sizeBytes: number;
  pieces(): Generator<Buffer, void, undefined>;
} {
  let at = 0;
  const placed = entries.map((entry) => {
    const name = Buffer.from(entry.name, 'latin1');
    const head = 30 + name.length;
    const padding = ALIGNMENT + ((ALIGNMENT - ((at + head) % ALIGNMENT)) % ALIGNMENT);
    const start = at;
    at += head + padding + entry.sizeBytes;
    // What cannot be written is noticed here, before anything is sent.
    let sum = 0;
    for (const piece of entry.pieces()) sum = crc32(piece, sum);
    return { entry, name, start, padding, sum };
  });
  const centralAt = at;
  const centralBytes = placed.reduce((sum, { name }) => sum + 46 + name.length, 0);
  return {
    sizeBytes: centralAt + centralBytes + 22,
    *pieces() {
      const central: Buffer[] = [];
      for (const { entry, name, start, padding, sum } of placed) {
        const facts = Buffer.alloc(26);
        facts.writeUInt32LE(sum, 10);
        facts.writeUInt32LE(entry.sizeBytes, 14);
        facts.writeUInt32LE(entry.sizeBytes, 18);
        facts.writeUInt16LE(name.length, 22);
        const local = Buffer.alloc(30 + name.length + padding);
        local.writeUInt32LE(LOCAL);
        facts.copy(local, 4);
        local.writeUInt16LE(padding, 28);
        name.copy(local, 30);
        local.writeUInt16LE(PADDING, 30 + name.length);
        local.writeUInt16LE(padding - 4, 32 + name.length);
        yield local;
        yield* entry.pieces();
        const line = Buffer.alloc(46 + name.length);
        line.writeUInt32LE(CENTRAL);
        facts.copy(line, 6);
        line.writeUInt32LE(start, 42);
        name.copy(line, 46);
        central.push(line);
      }
      yield* central;
      const end = Buffer.alloc(22);
      end.writeUInt32LE(END);
      end.writeUInt16LE(placed.length, 8);
      end.writeUInt16LE(placed.length, 10);
      end.writeUInt32LE(centralBytes, 12);
      end.writeUInt32LE(centralAt, 16);
      yield end;
    },
  };
}

/**
 * The entries of a ZIP file that holds nothing but stored entries laid end to end, as views of its bytes. Whatever else ZIP
 * allows (compression, encryption, gaps, overlaps, comments, larger sizes elsewhere) is refused with `inject.bad-vectors`.
 */
export function readStoredZip(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const { count, centralAt, centralEnd } = endOf(bytes);
  const entries = new Map<string, Buffer>();
  let line = centralAt;
  let next = 0;
  for (let n = 0; n < count; n++) {
    if (line + 46 > centralEnd || bytes.readUInt32LE(line) !== CENTRAL) throw broken('its list of entries is none');
    const flags = bytes.readUInt16LE(line + 8);
    if (bytes.readUInt16LE(line + 10) !== 0) throw broken('an entry is compressed');
    if (!FLAGS.has(flags)) throw broken('an entry is encrypted or marked in another way');
    const sizeBytes = bytes.readUInt32LE(line + 24);
    const nameBytes = bytes.readUInt16LE(line + 28);
    const name = bytes.toString('latin1', line + 46, line + 46 + nameBytes);
    // Extra fields, comments and other disks: nothing that a tensor needs.
    const rest = bytes.readUInt16LE(line + 30) + bytes.readUInt16LE(line + 32) + bytes.readUInt16LE(line + 34);
    if (rest !== 0 || bytes.readUInt32LE(line + 20) !== sizeBytes)
      throw broken('an entry says more than a tensor needs');
    if (line + 46 + nameBytes > centralEnd || entries.has(name)) throw broken('a name is broken or there twice');
    if (bytes.readUInt32LE(line + 42) !== next) throw broken('entries overlap or leave gaps');
    const sum = bytes.readUInt32LE(line + 16);
    const { start, end } = placeOf(bytes, next, centralAt, { name, flags, sizeBytes, sum });
    const content = bytes.subarray(start, start + sizeBytes);
    if (crc32(content) !== sum) throw broken('the checksum of an entry does not fit');
    entries.set(name, content);
    next = end;
    line += 46 + nameBytes;
  }
  if (line !== centralEnd || next !== centralAt) throw broken('it holds bytes that belong to no entry');
  return entries;
}

interface Declared {
  readonly name: string;
  readonly flags: number;
  readonly sizeBytes: number;
  readonly sum: number;
}

/** Where an entry's bytes lie, once what stands before and behind them says the same as the list. */
function placeOf(bytes: Buffer, at: number, limit: number, { name, flags, sizeBytes, sum }: Declared) {
  if (at + 30 > limit || bytes.readUInt32LE(at) !== LOCAL) throw broken('an entry does not begin where the list says');
  const behind = (flags & SIZES_BEHIND) !== 0;
  const nameBytes = bytes.readUInt16LE(at + 26);
  const start = at + 30 + nameBytes + bytes.readUInt16LE(at + 28);
  const end = start + sizeBytes + (behind ? 16 : 0);
  if (end > limit) throw broken('an entry is longer than the file');
  const isSame =
    bytes.readUInt16LE(at + 6) === flags &&
    bytes.readUInt16LE(at + 8) === 0 &&
    bytes.toString('latin1', at + 30, at + 30 + nameBytes) === name &&
    saysSizes(bytes, at + 14, behind ? 0 : sum, behind ? 0 : sizeBytes) &&
    (!behind || (bytes.readUInt32LE(end - 16) === DESCRIPTOR && saysSizes(bytes, end - 12, sum, sizeBytes)));
  if (!isSame) throw broken('an entry says something else than the list');
  return { start, end };
}

function saysSizes(bytes: Buffer, at: number, sum: number, sizeBytes: number): boolean {
  return (
    bytes.readUInt32LE(at) === sum &&
    bytes.readUInt32LE(at + 4) === sizeBytes &&
    bytes.readUInt32LE(at + 8) === sizeBytes
  );
}

/** What the end of the file says. PyTorch also writes the end that large files have; it must say the same. */
function endOf(bytes: Buffer): { readonly count: number; readonly centralAt: number; readonly centralEnd: number } {
  const end = bytes.length - 22;
  if (end < 0 || bytes.readUInt32LE(end) !== END) throw broken('it does not end as a ZIP file');
  const count = bytes.readUInt16LE(end + 10);
  const centralBytes = bytes.readUInt32LE(end + 12);
  const centralAt = bytes.readUInt32LE(end + 16);
  const hasOther = end >= 76 && bytes.readUInt32LE(end - 20) === LOCATOR_64;
  const centralEnd = hasOther ? end - 76 : end;
  if (bytes.readUInt32LE(end + 4) !== 0 || bytes.readUInt16LE(end + 8) !== count || bytes.readUInt16LE(end + 20) !== 0)
    throw broken('it has a comment or is one of several');
  if (count > MOST_ENTRIES) throw broken(`it has ${count} entries`);
  if (centralAt + centralBytes !== centralEnd) throw broken('its list of entries does not reach to its end');
  if (hasOther) {
    const says = (at: number, value: number) => bytes.readBigUInt64LE(centralEnd + at) === BigInt(value);
    const isSame =
      bytes.readUInt32LE(centralEnd) === END_64 &&
      says(4, 44) &&
      says(16, 0) &&
      says(24, count) &&
      says(32, count) &&
      says(40, centralBytes) &&
      says(48, centralAt) &&
      bytes.readUInt32LE(end - 16) === 0 &&
      says(64, centralEnd) &&
      bytes.readUInt32LE(end - 4) === 1;
    if (!isSame) throw broken('its two ends differ');
  }
  return { count, centralAt, centralEnd };
}

function broken(why: string): Error {
  return badTensor('EMB_SHAPE', `The file is not one that torch.save writes: ${why}.`);
}
