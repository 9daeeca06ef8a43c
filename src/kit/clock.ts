/** Milliseconds since some fixed moment; only differences mean anything. */
export function nowMs(): number {
  return performance.now();
}

/** Starts a stopwatch; each call of the result says how many whole milliseconds have passed. */
export function stopwatch(): () => number {
  const startedMs = nowMs();
  return () => Math.round(nowMs() - startedMs);
}
