import type { Figures } from './figures.ts';

export interface SizedBuild {
  readonly vectors: number;
  readonly buildMs: number;
  readonly sizeBytes: number;
}

const PROJECTED = [1e7, 1e8, 1e9];

/**
 * From two measured builds to those nobody can make here. Bytes grow in a straight line through both; time as the power of the count
 * that goes through both, but never less than in proportion: what a build takes to begin would make large ones look cheap. `vectorBytes` are the float32 numbers alone, so what is beyond them is index, text and attributes.
 */
export function sizingOf(
  builds: readonly [SizedBuild, SizedBuild],
  dimensions: number,
): { readonly rows: Figures[]; readonly buildPower: number } {
  const [small, large] = builds;
  const bytesEach = (large.sizeBytes - small.sizeBytes) / (large.vectors - small.vectors);
  const power = Math.log(large.buildMs / small.buildMs) / Math.log(large.vectors / small.vectors);
  const row = (vectors: number, buildMs: number, sizeBytes: number, measured: boolean): Figures => ({
    vectors,
    measured,
    vectorBytes: vectors * dimensions * 4,
    sizeBytes: Math.round(sizeBytes),
    bytesPerVector: sizeBytes / vectors,
    buildMs: Math.round(buildMs),
  });
  const rows = [
    ...builds.map(({ vectors, buildMs, sizeBytes }) => row(vectors, buildMs, sizeBytes, true)),
    ...PROJECTED.map((vectors) => {
      const buildMs = large.buildMs * (vectors / large.vectors) ** Math.max(1, power);
      return row(vectors, buildMs, large.sizeBytes + bytesEach * (vectors - large.vectors), false);
    }),
  ];
  return { rows, buildPower: power };
}
