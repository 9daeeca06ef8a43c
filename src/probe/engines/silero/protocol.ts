/** Silero VAD 5 at 16 kHz: input [1, 64 + 512], state [2, 1, 128], `sr` as int64; output [1, 1] and the next state. */
export const CONTEXT_SAMPLES = 64;
export const STATE_SHAPE = [2, 1, 128] as const;
export const STATE_LENGTH = 256;

/** Whole frames to listen to. `state` and `context` are what the reply before gave, zeros at first. */
export interface SileroRequest {
  readonly modelPath: string;
  readonly pcm: Float32Array;
  readonly state: Float32Array;
  readonly context: Float32Array;
}

export interface SileroReply {
  readonly probabilities: Float32Array;
  readonly state: Float32Array;
  readonly context: Float32Array;
}
