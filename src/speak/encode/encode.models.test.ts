import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decoded, likeness, RATE_HZ, recording } from './__fixtures__/sound.ts';
import { CODING, gathered, pieces } from './conformance.ts';
import { encodeSound } from './encode.ts';
import { ENCODERS } from './engines/index.ts';
import { lameEncoder } from './engines/lame.ts';
import { SOUND_FORMATS, type SoundFormat } from './formats.ts';

const data = new URL('../../../../shared/data/audio/', import.meta.url).pathname;
const recordings = ['en_jfk.wav', 'en_LJ001-0001.wav', 'zh_homophone_words.mp3'];
const here = recordings.every((file) => existsSync(join(data, file)));
if (!here) console.log('encode: shared data is absent: skipped');

const context = { signal: new AbortController().signal };
const cases = [
  ...(Object.keys(SOUND_FORMATS) as SoundFormat[]).map((format) => [format, ENCODERS] as const),
  ['mp3', [lameEncoder]] as const,
];

describe.skipIf(!here).each(recordings)('%s', (file) => {
  it.each(cases)('comes back from %s', async (format, encoders) => {
    const sound = await recording(join(data, file));
    const wanted = { format, sampleRateHz: RATE_HZ };
    const bytes = await gathered(encodeSound(pieces(sound), wanted, context, encoders));
    const steps = await decoded(bytes, format);
    const { correlation, louderDb, delay, extra } = likeness(sound, steps, CODING[format].delay);
    const kbps = (bytes.length * 8) / (sound.length / RATE_HZ) / 1_000;
    const by = encoders.length === 1 ? ' (LAME in WebAssembly)' : '';
    console.log(
      `encode: ${file} as ${format}${by}: ${kbps.toFixed(0)} kbit/s, correlation ${correlation.toFixed(4)}, ` +
        `${louderDb.toFixed(2)} dB louder, ${delay} samples before it and ${extra} after it`,
    );
    expect(delay).toBeLessThanOrEqual(CODING[format].delay);
    expect(extra).toBeGreaterThanOrEqual(0);
    expect(extra).toBeLessThanOrEqual(CODING[format].frame);
    expect(correlation).toBeGreaterThan(SOUND_FORMATS[format].bitRateKbps === null ? 0.999_999 : 0.98);
    expect(Math.abs(louderDb)).toBeLessThan(0.6);
  });
});
