/** What one run of one side measured, by name. */
export type Sample = Readonly<Record<string, number>>;

/** One run. `round` counts from 0 and is -1 for the warm-up, so that a side can vary its input the same way as the other. */
export type Side<S extends Sample> = (round: number) => Promise<S>;

/** The values of every round, by name and side. */
export type Alternated<S extends Sample, P extends Sample> = {
  readonly ours: { readonly [K in keyof S]: readonly number[] };
  readonly peer: { readonly [K in keyof P]: readonly number[] } | undefined;
};

/**
 * Runs both sides in turn (ours, peer, ours, peer, …) after one unrecorded run of each, so that whatever else the
 * machine does falls on both alike.
 */
export async function alternate<S extends Sample, P extends Sample = S>(
  rounds: number,
  ours: Side<S>,
  peer?: Side<P> | undefined,
): Promise<Alternated<S, P>> {
  const oursSamples: S[] = [];
  const peerSamples: P[] = [];
  for (let round = -1; round < rounds; round++) {
    const sample = await ours(round);
    const peerSample = await peer?.(round);
    if (round < 0) continue;
    oursSamples.push(sample);
    if (peerSample) peerSamples.push(peerSample);
  }
  return { ours: columns(oursSamples), peer: peer ? columns(peerSamples) : undefined };
}

function columns<S extends Sample>(samples: readonly S[]): { [K in keyof S]: number[] } {
  const values = {} as { [K in keyof S]: number[] };
  const names: (keyof S)[] = Object.keys(samples[0] ?? {});
  for (const name of names) values[name] = samples.map((sample) => sample[name] ?? Number.NaN);
  return values;
}
