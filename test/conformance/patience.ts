import type { Patience } from '#upstream/send.ts';

/** Short waits, and a server that may fail as often as a test wants. */
export const PATIENCE: Partial<Patience> = { retryBaseMs: 1, stallTimeoutMs: 300, failuresBeforeRest: 0 };
