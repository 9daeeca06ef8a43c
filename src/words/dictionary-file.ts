import { SensoriumError } from '#contract/error.ts';

/** A word with how often it was counted and how each of its characters is spoken (`ta1`, tone 0 is the neutral one). */
export interface Entry {
  readonly word: string;
  readonly count: number;
  readonly sound: readonly string[];
}

/** A character and one syllable it can stand for. */
export interface Reading {
  readonly character: string;
  readonly syllable: string;
}

/**
 * The dictionary as it lies in its file: columns over the words, sorted by code units, so that 349,000 words cost no
 * object each. `units` and `syllables` are as long as all words together, `starts[i]` is where word `i` begins in both.
 */
export interface Tables {
  readonly starts: Uint32Array;
  readonly units: Uint16Array;
  readonly syllables: Uint16Array;
  readonly counts: Uint32Array;
  /** Word numbers by sound, the most frequent of a sound first. */
  readonly bySound: Uint32Array;
  /** Names of syllables with their tone, by number. */
  readonly names: readonly string[];
  /** `heard[s]` to `heard[s + 1]` are the places in the next two of the characters syllable `s` can be, most frequent first. */
  readonly heard: Uint32Array;
  readonly heardUnits: Uint16Array;
  readonly heardCounts: Uint32Array;
  /** Traditional characters, each followed by the simplified one it is read as. */
  readonly script: Uint16Array;
}

/** What a dictionary is made of. */
export interface WordList {
  /** Words of the basic plane, one syllable for each character. */
  readonly entries: readonly Entry[];
  /** All that single characters can be spoken as. */
  readonly readings: readonly Reading[];
  /** Simplified characters by the traditional ones that are looked up as them. */
  readonly simplified: ReadonlyMap<string, string>;
}

/** Says the kind of file, its version, and by its byte order whether this machine can read it. */
const MAGIC = 0x31574e53;
const HEADER = 7;
/** More words than any dictionary of Chinese has. */
const MAX_WORDS = 4_000_000;
/** So many characters of one sound are kept; the others are too rare to be what was meant. */
export const CHARACTERS_PER_SYLLABLE = 40;

/** Writes the file. */
export function packDictionary({ entries, readings, simplified }: WordList): Uint8Array {
  const sorted = [...entries].sort((a, b) => (a.word < b.word ? -1 : a.word > b.word ? 1 : 0));
  const names = [...new Set([...sorted.flatMap(({ sound }) => sound), ...readings.map(({ syllable }) => syllable)])];
  const number = new Map(names.map((name, at) => [name, at]));
  const total = sorted.reduce((sum, { word }) => sum + word.length, 0);
  const starts = new Uint32Array(sorted.length + 1);
  const units = new Uint16Array(total);
  const syllables = new Uint16Array(total);
  let at = 0;
  for (const [index, { word, sound }] of sorted.entries()) {
    for (let k = 0; k < word.length; k += 1, at += 1) {
      units[at] = word.charCodeAt(k);
      syllables[at] = number.get(sound[k] ?? '') ?? 0;
    }
    starts[index + 1] = at;
  }
  const counts = Uint32Array.from(sorted, ({ count }) => count);
  const heard = packReadings(sorted, readings, names);
  const bySound = orderBySound({ starts, syllables, counts });
  const nameBytes = new TextEncoder().encode(names.join(' '));
  const script = Uint16Array.from([...simplified].flat(), (character) => character.charCodeAt(0));
  const header = [MAGIC, sorted.length, total, names.length, heard.units.length, nameBytes.length, script.length];
  return joined([
    Uint32Array.from(header),
    ...[starts, counts, bySound, heard.places, heard.counts, units, syllables, heard.units, script, nameBytes],
  ]);
}

function packReadings(entries: readonly Entry[], readings: readonly Reading[], names: readonly string[]) {
  const frequency = new Map<string, number>();
  for (const { word, count } of entries) {
    for (const character of word) frequency.set(character, (frequency.get(character) ?? 0) + count);
  }
  const bySyllable = new Map<string, Reading[]>(names.map((name) => [name, []]));
  for (const reading of readings) bySyllable.get(reading.syllable)?.push(reading);
  const places = [0];
  const units: number[] = [];
  const counts: number[] = [];
  for (const name of names) {
    const characters = (bySyllable.get(name) ?? [])
      .map(({ character }) => ({ unit: character.charCodeAt(0), count: frequency.get(character) ?? 0 }))
      .sort((a, b) => b.count - a.count || a.unit - b.unit)
      .slice(0, CHARACTERS_PER_SYLLABLE);
    units.push(...characters.map(({ unit }) => unit));
    counts.push(...characters.map(({ count }) => count));
    places.push(units.length);
  }
  return { places: Uint32Array.from(places), units: Uint16Array.from(units), counts: Uint32Array.from(counts) };
}

function orderBySound({ starts, syllables, counts }: Pick<Tables, 'starts' | 'syllables' | 'counts'>): Uint32Array {
  const order = Uint32Array.from(counts, (_, index) => index);
  return order.sort((a, b) => compareSounds(starts, syllables, a, b) || (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
}

/** Negative, zero or positive as word `a` sounds before, like or after word `b`, in the order of `bySound`. */
export function compareSounds(starts: Uint32Array, syllables: Uint16Array, a: number, b: number): number {
  let left = starts[a] ?? 0;
  let right = starts[b] ?? 0;
  const leftEnd = starts[a + 1] ?? 0;
  const rightEnd = starts[b + 1] ?? 0;
  while (left < leftEnd && right < rightEnd) {
    const difference = (syllables[left++] ?? 0) - (syllables[right++] ?? 0);
    if (difference !== 0) return difference;
  }
  return leftEnd - left - (rightEnd - right);
}

function joined(columns: readonly (Uint8Array | Uint16Array | Uint32Array)[]): Uint8Array {
  const bytes = new Uint8Array(columns.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const column of columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return bytes;
}

/** The columns of a file's bytes, without a copy. Throws `models.file-unusable` where the bytes are no such file. */
export function readTables(bytes: Uint8Array, path: string): Tables {
  const whole = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  const [magic, words = 0, total = 0, syllableCount = 0, heardTotal = 0, nameLength = 0, scriptLength = 0] =
    new Uint32Array(whole.buffer, whole.byteOffset, Math.min(HEADER, Math.floor(whole.byteLength / 4)));
  const longs = HEADER + (words + 1) + words * 2 + (syllableCount + 1) + heardTotal;
  const expected = longs * 4 + (total * 2 + heardTotal + scriptLength) * 2 + nameLength;
  if (magic !== MAGIC || words > MAX_WORDS || expected !== whole.byteLength) throw unusable(path, 'chinese-words');
  let at = whole.byteOffset + HEADER * 4;
  const uint32 = (length: number) => {
    const column = new Uint32Array(whole.buffer, at, length);
    at += length * 4;
    return column;
  };
  const uint16 = (length: number) => {
    const column = new Uint16Array(whole.buffer, at, length);
    at += length * 2;
    return column;
  };
  const tables = {
    starts: uint32(words + 1),
    counts: uint32(words),
    bySound: uint32(words),
    heard: uint32(syllableCount + 1),
    heardCounts: uint32(heardTotal),
    units: uint16(total),
    syllables: uint16(total),
    heardUnits: uint16(heardTotal),
    script: uint16(scriptLength),
    names: new TextDecoder().decode(new Uint8Array(whole.buffer, at, nameLength)).split(' '),
  };
  if (tables.names.length !== syllableCount || tables.starts.at(-1) !== total) throw unusable(path, 'chinese-words');
  return tables;
}

/** The error of a file of a model of the store that is missing or something else. */
export function unusable(path: string, model: string, cause?: unknown): SensoriumError {
  return new SensoriumError('models.file-unusable', `${path} is nothing that words can be read from.`, {
    hint: `Run \`sensorium models remove ${model}\`, then \`sensorium models pull ${model}\`.`,
    cause,
  });
}
