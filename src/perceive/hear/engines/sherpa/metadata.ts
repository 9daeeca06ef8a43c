import { type FileHandle, open } from 'node:fs/promises';

/** No model here has more fields at its top than a graph, some numbers and its notes. */
const MOST_FIELDS = 10_000;
/** A note may hold a list of some hundred numbers. */
const MOST_NOTE_BYTES = 1_000_000;
const MOST_VARINT_BYTES = 10;

/** Field numbers of onnx.proto: ModelProto.graph and ModelProto.metadata_props, StringStringEntryProto.key and .value. */
const GRAPH = 7;
const METADATA = 14;
const KEY = 1;
const VALUE = 2;

/**
 * The notes an ONNX file carries (`vocab_size`, `model_type`, …); `null` where the file is no ONNX model. Reads only the notes:
 * the graph with its weights is stepped over, however large.
 */
export async function onnxMetadata(path: string): Promise<ReadonlyMap<string, string> | null> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await notesOf(file, size);
  } finally {
    await file.close();
  }
}

async function notesOf(file: FileHandle, size: number): Promise<ReadonlyMap<string, string> | null> {
  const notes = new Map<string, string>();
  let hasGraph = false;
  let at = 0;
  for (let count = 0; at < size; count += 1) {
    const field = fieldAt(await bytesAt(file, at, 2 * MOST_VARINT_BYTES), 0);
    const end = field ? at + field.end : Number.POSITIVE_INFINITY;
    if (!field || end > size || count === MOST_FIELDS) return null;
    hasGraph ||= field.number === GRAPH;
    if (field.number === METADATA && field.end - field.start <= MOST_NOTE_BYTES) {
      const entry = entryOf(await bytesAt(file, at + field.start, field.end - field.start));
      if (entry) notes.set(entry.key, entry.value);
    }
    at = end;
  }
  return hasGraph ? notes : null;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function entryOf(bytes: Buffer): { key: string; value: string } | null {
  const entry = { key: '', value: '' };
  for (let at = 0; at < bytes.length; ) {
    const field = fieldAt(bytes, at);
    if (!field || field.end > bytes.length) return null;
    const text = bytes.toString('utf8', field.start, field.end);
    if (field.number === KEY) entry.key = text;
    if (field.number === VALUE) entry.value = text;
    at = field.end;
  }
  return entry;
}

/** Where the content of a protobuf field begins and ends; the end may lie beyond the bytes. */
function fieldAt(bytes: Buffer, at: number): { number: number; start: number; end: number } | null {
  const tag = varintAt(bytes, at);
  if (!tag || tag.value < 8) return null;
  const number = Math.floor(tag.value / 8);
  const start = tag.end;
  switch (tag.value % 8) {
    case 0: {
      const value = varintAt(bytes, start);
      return value && { number, start, end: value.end };
    }
    case 1:
      return { number, start, end: start + 8 };
    case 2: {
      const length = varintAt(bytes, start);
      return length && { number, start: length.end, end: length.end + length.value };
    }
    case 5:
      return { number, start, end: start + 4 };
    default:
      return null;
  }
}

function varintAt(bytes: Buffer, at: number): { value: number; end: number } | null {
  let value = 0;
  for (let index = 0; index < MOST_VARINT_BYTES; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return null;
}
