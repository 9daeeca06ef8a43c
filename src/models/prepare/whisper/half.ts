let table: Float32Array | undefined;

// The value of every binary16 number by its bits: 256 KiB.
function halves(): Float32Array {
  table ??= Float32Array.from({ length: 0x10000 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
  return table;
}

/** IEEE 754 binary16 numbers, given as their bits, as float32 ones; none changes its value. */
export function fromHalves(bits: Uint16Array): Float32Array {
  const values = halves();
  const floats = new Float32Array(bits.length);
  for (let at = 0; at < bits.length; at += 1) floats[at] = values[bits[at] ?? 0] ?? 0;
  return floats;
}
