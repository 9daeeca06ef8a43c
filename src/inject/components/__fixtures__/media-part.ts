import type { Media, MediaPart } from '#contract/media.ts';
import type { ComponentInput } from '#contract/ports.ts';

/** A part as a component is handed it. */
export function part(kind: Media['kind'], bytes: Uint8Array, sound?: MediaPart['sound']): ComponentInput {
  const media = { part: 'part-1', kind, name: 'x', source: 'bytes', mimeType: 'x/x', sizeBytes: bytes.length } as const;
  const medium = {
    media: { ...media, sha256: Buffer.from(bytes.subarray(-32)).toString('hex').padEnd(64, '0') },
    ...(sound && { sound }),
    bytes: async () => bytes,
    stream: async function* () {
      yield bytes;
    },
    close: async () => {},
  };
  return { part: 'part-1', media: medium, perception: null, text: null };
}

/** The sound of a WAV of 16 bit as it is decoded everywhere. */
export function soundOf(wav: Uint8Array): MediaPart['sound'] {
  const samples = new Int16Array(wav.slice(44).buffer);
  return {
    sampleRateHz: 16_000,
    pcm: async function* () {
      yield Float32Array.from(samples, (value) => value / 32_768);
    },
  };
}
