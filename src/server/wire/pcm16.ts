/** Sound as signed 16-bit little-endian samples; beyond full scale is clipped. */
export function pcm16(pcm: Float32Array): Buffer {
  const bytes = Buffer.allocUnsafe(pcm.length * 2);
  for (let at = 0; at < pcm.length; at++) {
    const sample = Math.round((pcm[at] ?? 0) * 32_767);
    bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, sample)), at * 2);
  }
  return bytes;
}
