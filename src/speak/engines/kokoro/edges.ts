const WINDOW_MS = 5;
/** Below this share of the loudest window a window counts as silence (−46 dB). */
const SILENCE_RATIO = 0.005;
const FADE_MS = 5;

/**
 * Cuts the silence the model puts around a sentence down to fixed pads, so that pauses are the speaker's choice and not
 * the model's, and fades the ends so that no joint clicks. Sound that is silent throughout becomes empty.
 */
export function trimEdges(
  pcm: Float32Array,
  sampleRateHz: number,
  pad: { leadMs: number; tailMs: number },
): Float32Array {
  const window = Math.round((sampleRateHz * WINDOW_MS) / 1000);
  const energies: number[] = [];
  for (let at = 0; at < pcm.length; at += window) {
    let sum = 0;
    const end = Math.min(at + window, pcm.length);
    for (let i = at; i < end; i += 1) sum += (pcm[i] ?? 0) ** 2;
    energies.push(sum / (end - at));
  }
  const loudest = energies.reduce((most, energy) => Math.max(most, energy), 0);
  const audible = (energy: number) => energy > loudest * SILENCE_RATIO ** 2;
  const first = energies.findIndex(audible);
  if (first < 0) return new Float32Array();
  const last = energies.findLastIndex(audible);
  const samples = (ms: number) => Math.round((sampleRateHz * ms) / 1000);
  const start = Math.max(0, first * window - samples(pad.leadMs));
  const end = Math.min(pcm.length, (last + 1) * window + samples(pad.tailMs));
  return faded(pcm.slice(start, end), samples(FADE_MS));
}

// Equal-power fades: quarter waves of a sine.
function faded(pcm: Float32Array, length: number): Float32Array {
  const fade = Math.min(length, Math.floor(pcm.length / 2));
  for (let i = 0; i < fade; i += 1) {
    const gain = Math.sin((Math.PI / 2) * ((i + 0.5) / fade));
    pcm[i] = (pcm[i] ?? 0) * gain;
    pcm[pcm.length - 1 - i] = (pcm[pcm.length - 1 - i] ?? 0) * gain;
  }
  return pcm;
}
