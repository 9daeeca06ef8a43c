/** An in-place complex fast Fourier transform of `size` points, a power of two (Cooley and Tukey 1965, radix 2). */
export function fourier(size: number): (re: Float64Array, im: Float64Array) => void {
  const half = size >> 1;
  const cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  const reversed = bitReversed(size);

  return (re, im) => {
    for (let at = 0; at < size; at++) {
      const to = reversed[at] as number;
      if (to <= at) continue;
      const r = re[at] as number;
      const i = im[at] as number;
      re[at] = re[to] as number;
      im[at] = im[to] as number;
      re[to] = r;
      im[to] = i;
    }
    for (let span = 1, step = half; span < size; span <<= 1, step >>= 1) {
      for (let block = 0; block < size; block += span << 1) {
        for (let low = block, turn = 0; low < block + span; low++, turn += step) {
          const high = low + span;
          const c = cos[turn] as number;
          const s = sin[turn] as number;
          const x = re[high] as number;
          const y = im[high] as number;
          const r = c * x - s * y;
          const i = c * y + s * x;
          const p = re[low] as number;
          const q = im[low] as number;
          re[high] = p - r;
          im[high] = q - i;
          re[low] = p + r;
          im[low] = q + i;
        }
      }
    }
  };
}

function bitReversed(size: number): Uint32Array {
  const order = new Uint32Array(size);
  for (let at = 1; at < size; at++) order[at] = ((order[at >> 1] as number) >> 1) | (at & 1 ? size >> 1 : 0);
  return order;
}
