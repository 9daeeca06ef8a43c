/**
 * A file made once from a model's own files when the model is installed, such as a graph rewritten to run faster.
 * It runs in a process of its own, so it may take its time and memory; it must need no network. Keep heavy imports
 * inside `run`: the rest is read at every start.
 */
export interface Preparation {
  /** What a catalogue entry names under `preparations`. */
  readonly id: string;
  /** Raise it when `run` would now make other bytes: installed models are then prepared anew. */
  readonly version: number;
  /** Paths inside the model's folder; when one of them changes the output is made anew. */
  readonly inputs: readonly string[];
  /** Path of the made file inside the model's folder. */
  readonly output: string;
  /** Reads the inputs from the model's folder and gives the output's bytes; the store writes them, whole or not at all. */
  run(folder: string, signal: AbortSignal): Promise<Uint8Array>;
}
