import { SensoriumError } from '#contract/error.ts';

/** Below any use of sound; at 1 Hz a file of a thousand bytes would last a quarter of an hour at 16 kHz. */
const MIN_RATE_HZ = 1_000;
const MAX_RATE_HZ = 768_000;
const MAX_CHANNELS = 64;

/** Refuses sound that claims a sampling rate or a number of channels that no recording has. */
export function refuseOddSound(name: string, sampleRateHz: number, channels: number): void {
  const why =
    sampleRateHz < MIN_RATE_HZ || sampleRateHz > MAX_RATE_HZ
      ? `${sampleRateHz} samples a second`
      : channels > MAX_CHANNELS
        ? `${channels} channels`
        : null;
  if (why === null) return;
  throw new SensoriumError('media.broken', `${name} claims ${why}.`, { hint: 'Export or record it again.' });
}
