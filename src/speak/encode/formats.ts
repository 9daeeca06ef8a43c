/** OpenAI's rate for spoken answers, in hertz. All sound leaves at it, save a WAV, which keeps the voice's own. */
export const OUT_RATE_HZ = 24_000;

/**
 * The formats an answer can be spoken in, by OpenAI's names. All are mono. `pcm` is 24 kHz signed 16-bit little-endian
 * without a header; `opus` is Ogg Opus (RFC 7845, hence its content type); `aac` is ADTS. `bitRateKbps` is what a lossy
 * format is given.
 */
export const SOUND_FORMATS = {
  wav: { contentType: 'audio/wav', bitRateKbps: null },
  mp3: { contentType: 'audio/mpeg', bitRateKbps: 96 },
  opus: { contentType: 'audio/ogg', bitRateKbps: 64 },
  aac: { contentType: 'audio/aac', bitRateKbps: 96 },
  flac: { contentType: 'audio/flac', bitRateKbps: null },
  pcm: { contentType: 'audio/pcm', bitRateKbps: null },
} as const;

export type SoundFormat = keyof typeof SOUND_FORMATS;

/** The sound wanted: its format, and the rate of what is to be encoded, in hertz. */
export interface SoundWanted {
  readonly format: SoundFormat;
  readonly sampleRateHz: number;
}
