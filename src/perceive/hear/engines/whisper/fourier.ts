/** A discrete Fourier transform of a fixed length, done again and again. */
export interface Fourier {
  /** Transforms `re` and `im` in place: both of the length the transform was made for. */
  transform(re: Float64Array, im: Float64Array): void;
}

/** Sums over `radix` places with their twiddles, for all that a stage makes: [place][out][in]. */
interface Stage {
  readonly radix: number;
  /** How many interleaved transforms the stage works on. */
  readonly stride: number;
  readonly places: number;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/**
 * Makes the transform for one length: mixed radix, self-sorting (Stockham). The work grows with the sum of the length's prime
 * factors (fours count as one), so 400 = 4·4·5·5 is quick and a large prime slow.
 */
export function fourier(length: number): Fourier {
  const stages = stagesOf(length);
  const spare = { re: new Float64Array(length), im: new Float64Array(length) };
  return {
    transform(re, im) {
      let from: Complex = { re, im };
      let to: Complex = spare;
      for (const stage of stages) {
        run(stage, from, to);
        [from, to] = [to, from];
      }
      if (from.re === re) return;
      re.set(from.re);
      im.set(from.im);
    },
  };
}

function stagesOf(length: number): Stage[] {
  const stages: Stage[] = [];
  let stride = 1;
  for (const radix of factors(length)) {
    const places = length / stride / radix;
    const cos = new Float64Array(places * radix * radix);
    const sin = new Float64Array(places * radix * radix);
    for (let at = 0; at < cos.length; at += 1) {
      const [place, out, into] = [Math.floor(at / radix / radix), Math.floor(at / radix) % radix, at % radix];
      const turn = (((into * out * length) / radix + place * out * stride) % length) / length;
      cos[at] = Math.cos(-2 * Math.PI * turn);
      sin[at] = Math.sin(-2 * Math.PI * turn);
    }
    stages.push({ radix, stride, places, cos, sin });
    stride *= radix;
  }
  return stages;
}

function factors(length: number): number[] {
  const found: number[] = [];
  let left = length;
  while (left % 4 === 0) {
    found.push(4);
    left /= 4;
  }
  for (let factor = 2; left > 1; factor += 1) {
    while (left % factor === 0) {
      found.push(factor);
      left /= factor;
    }
  }
  return found;
}

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function run({ radix, stride, places, cos, sin }: Stage, from: Complex, to: Complex): void {
  const apart = stride * places;
  for (let place = 0; place < places; place += 1) {
    for (let out = 0; out < radix; out += 1) {
      const weights = (place * radix + out) * radix;
      for (let lane = 0; lane < stride; lane += 1) {
        let re = 0;
        let im = 0;
        let at = lane + stride * place;
        for (let into = 0; into < radix; into += 1) {
          const [x, y] = [from.re[at] as number, from.im[at] as number];
          const [c, s] = [cos[weights + into] as number, sin[weights + into] as number];
          re += x * c - y * s;
          im += x * s + y * c;
          at += apart;
        }
        to.re[lane + stride * (radix * place + out)] = re;
        to.im[lane + stride * (radix * place + out)] = im;
      }
    }
  }
}
