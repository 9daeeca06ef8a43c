import { type Candidates, MOST_CANDIDATES } from './periodicity.ts';

/** Below this a frame has no voice; this and the two costs are Praat's standard values ("Sound: To Pitch (ac)"), made for 10 ms. */
const VOICING_THRESHOLD = 0.45;
const VOICE_CHANGE_COST = 0.14;
const OCTAVE_JUMP_COST = 0.35;
/** A path is decided at the latest after so many frames without a silent one: 10 s. */
const LONGEST_STRETCH = 1_000;

const STATES = MOST_CANDIDATES + 1;

/**
 * Chooses one period for each frame so that the whole is strong and jumps little (Viterbi; Boersma 1993): what is an octave off in one
 * frame is outvoted by its neighbours. `decided` is told each frame's frequency, 0 for no voice, in order.
 */
export function pitchPath(decided: (hz: number) => void): { add(frame: Candidates): void; end(): void } {
  // State 0 is "no voice", the others are the candidates of the frame.
  const hz = new Float64Array(LONGEST_STRETCH * STATES);
  const from = new Uint8Array(LONGEST_STRETCH * STATES);
  const octave = new Float64Array(STATES);
  const worth = new Float64Array(STATES);
  const nextOctave = new Float64Array(STATES);
  const nextWorth = new Float64Array(STATES);
  const path = new Uint8Array(LONGEST_STRETCH);
  let length = 0;
  let states = 1;

  function flush(): void {
    let best = 0;
    for (let state = 1; state < states; state++) {
      if ((worth[state] as number) > (worth[best] as number)) best = state;
    }
    for (let at = length - 1; at >= 0; at--) {
      path[at] = best;
      best = from[at * STATES + best] as number;
    }
    for (let at = 0; at < length; at++) decided(hz[at * STATES + (path[at] as number)] as number);
    length = 0;
    states = 1;
    worth[0] = 0;
  }

  return {
    add(frame) {
      if (length === LONGEST_STRETCH) flush();
      for (let state = 0; state <= frame.count; state++) {
        const voiced = state > 0;
        const octaveHere = voiced ? Math.log2(frame.hz[state - 1] as number) : 0;
        let best = Number.NEGATIVE_INFINITY;
        let bestFrom = 0;
        for (let before = 0; before < states; before++) {
          const total = (worth[before] as number) - cost(voiced, before > 0, octaveHere - (octave[before] as number));
          if (total <= best) continue;
          best = total;
          bestFrom = before;
        }
        nextWorth[state] = best + (voiced ? (frame.strength[state - 1] as number) : VOICING_THRESHOLD);
        nextOctave[state] = octaveHere;
        hz[length * STATES + state] = voiced ? (frame.hz[state - 1] as number) : 0;
        from[length * STATES + state] = bestFrom;
      }
      states = frame.count + 1;
      worth.set(nextWorth);
      octave.set(nextOctave);
      length++;
      if (frame.count === 0) flush();
    },
    end: flush,
  };
}

function cost(voiced: boolean, before: boolean, octaves: number): number {
  if (voiced !== before) return VOICE_CHANGE_COST;
  return voiced ? OCTAVE_JUMP_COST * Math.abs(octaves) : 0;
}
