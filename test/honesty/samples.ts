import { sine, wavFile } from '../../src/media/__fixtures__/wav.ts';
import { SECRETS } from './secrets.ts';

// What listens takes 16 kHz; one byte a sample keeps ten thousand requests small.
const RATE_HZ = 16_000;
const note = (number: number) => Buffer.from(`${SECRETS.media} part ${number}`);

function wav(number: number, samples: Float32Array, options: Parameters<typeof wavFile>[1] = {}): Buffer {
  const bytes = Uint8Array.from(samples, (sample) => Math.round(127.5 + 127.5 * sample));
  return wavFile(bytes, { bits: 8, sampleRateHz: RATE_HZ, extra: [['note', note(number)]], ...options });
}

/** As if somebody spoke for half a second, with a moment of silence on either side. */
function voice(amplitude = 0.5): Float32Array {
  const sound = new Float32Array(RATE_HZ * 0.7);
  sound.set(sine(440, RATE_HZ, 0.5, amplitude), RATE_HZ * 0.1);
  return sound;
}

const loud = () => voice(1.4).map((sample) => Math.max(-1, Math.min(1, sample)));

/** 32-bit float samples, some of which are no numbers. */
function broken32(): Buffer {
  const samples = voice();
  for (let at = 2_000; at < 2_050; at++) samples[at] = Number.NaN;
  return Buffer.from(samples.buffer);
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
);
const FILM = Buffer.from('00000020667479706d703432000000006d703432697473006973006f6d000000', 'hex');
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100ffd9', 'hex');

/** Small real files by what they are; the number makes each part's bytes its own. */
export const SAMPLES = {
  voice: (number) => wav(number, voice()),
  silence: (number) => wav(number, new Float32Array(RATE_HZ / 4)),
  overdriven: (number) => wav(number, loud()),
  cutOff: (number) => wav(number, voice(), { dataSize: RATE_HZ * 2 }),
  notNumbers: (number) =>
    wavFile(broken32(), { tag: 3, bits: 32, sampleRateHz: RATE_HZ, extra: [['note', note(number)]] }),
  picture: (number) => Buffer.concat([PNG, note(number)]),
  photo: (number) => Buffer.concat([JPEG, note(number)]),
  document: (number) => Buffer.concat([Buffer.from('%PDF-1.4\n'), note(number)]),
  text: (number) => Buffer.from(`Written${number} by hand, ${SECRETS.media}.`),
  film: (number) => Buffer.concat([FILM, note(number)]),
  blank: () => Buffer.from('  \n '),
  garbage: (number) => Buffer.concat([Buffer.from('0001020304fffefd00', 'hex'), note(number)]),
  archive: (number) => Buffer.concat([Buffer.from('504b0304140000000000', 'hex'), Buffer.alloc(40), note(number)]),
  headless: (number) => Buffer.concat([Buffer.from('RIFF\x10\0\0\0WAVE', 'latin1'), note(number)]),
  soundless: (number) => wav(number, new Float32Array(0)),
  nothing: () => Buffer.alloc(0),
} as const satisfies Record<string, (number: number) => Buffer>;
export type Sample = keyof typeof SAMPLES;

/** Samples that can be taken in, with the kind each is found to be. */
export const GOOD = {
  voice: 'audio',
  silence: 'audio',
  overdriven: 'audio',
  cutOff: 'audio',
  notNumbers: 'audio',
  picture: 'image',
  photo: 'image',
  document: 'document',
  text: 'text',
  film: 'video',
} as const satisfies Partial<Record<Sample, string>>;

const kept = new Map<string, string>();

/** A sample in base64; each is made once. */
export function base64Of(sample: Sample, number: number): string {
  const name = `${sample} ${number}`;
  const known = kept.get(name) ?? SAMPLES[sample](number).toString('base64');
  kept.set(name, known);
  return known;
}
