/** How a test wants its WAV file. `frames` are rows of one value per channel, in [-1, 1]. */
export interface WavOptions {
  readonly tag?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly sampleRateHz?: number;
  readonly extensible?: boolean;
  readonly rf64?: boolean;
  /** Chunks before `data`: id and body. */
  readonly extra?: readonly (readonly [string, Uint8Array])[];
  readonly dataSize?: number;
}

export function wavFile(data: Uint8Array, options: WavOptions = {}): Buffer {
  const { tag = 1, bits = 16, channels = 1, sampleRateHz = 16_000 } = options;
  const frameBytes = (bits / 8) * channels;
  const format = Buffer.alloc(options.extensible ? 40 : 16);
  format.writeUInt16LE(options.extensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRateHz, 4);
  format.writeUInt32LE(sampleRateHz * frameBytes, 8);
  format.writeUInt16LE(frameBytes, 12);
  format.writeUInt16LE(bits, 14);
  if (options.extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt16LE(tag, 24);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(format, 26);
  }
  const ds64 = Buffer.alloc(28);
  ds64.writeBigUInt64LE(BigInt(data.length), 8);
  const body = Buffer.concat([
    ...(options.rf64 ? [chunk('ds64', ds64)] : []),
    ...(options.extra ?? []).map(([id, bytes]) => chunk(id, bytes)),
    chunk('fmt ', format),
    chunk('data', data, options.rf64 ? 0xffff_ffff : options.dataSize),
  ]);
  const head = Buffer.from(options.rf64 ? 'RF64\xff\xff\xff\xffWAVE' : 'RIFF\0\0\0\0WAVE', 'latin1');
  if (!options.rf64) head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

function chunk(id: string, body: Uint8Array, size = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** 16-bit samples of one or more interleaved channels. */
export function pcm16(samples: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (let at = 0; at < samples.length; at++) {
    bytes.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round((samples[at] as number) * 32768))), at * 2);
  }
  return bytes;
}

export function sine(frequencyHz: number, rateHz: number, seconds: number, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(rateHz * seconds) },
    (_, at) => amplitude * Math.sin((2 * Math.PI * frequencyHz * at) / rateHz),
  );
}

export async function joined(pieces: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const all: Float32Array[] = [];
  for await (const piece of pieces) all.push(piece.slice());
  const whole = new Float32Array(all.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
