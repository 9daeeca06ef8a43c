import { SensoriumError } from '#contract/error.ts';
import { openPace, type Pace } from '#kit/pace.ts';

export interface AdmissionLimits {
  /** Requests worked on at once in all. */
  readonly maxRequests: number;
  /** Bytes of their bodies at once in all. */
  readonly maxBodiesBytes: number;
}

/** How much the server takes on at once. */
export interface Admission {
  /**
   * Lets a request in with a body of this size; the result lets it out and may be called twice. One request is let in
   * however large its body is. Throws `server.busy` with `retryAfterMs` in its details.
   */
  enter(bodyBytes: number): () => void;
  readonly running: number;
  readonly bodiesBytes: number;
}

/** Opens the gate. Whoever finds it full is told when to come back; nobody waits inside. */
export function openAdmission({ maxRequests, maxBodiesBytes }: AdmissionLimits, pace: Pace = openPace()): Admission {
  let running = 0;
  let bodiesBytes = 0;
  return {
    get running() {
      return running;
    },
    get bodiesBytes() {
      return bodiesBytes;
    },
    enter(bodyBytes) {
      const full = running >= maxRequests ? 'requests' : bodiesBytes + bodyBytes > maxBodiesBytes ? 'bytes' : null;
      if (full !== null && running > 0) throw busy(full, pace.retryAfterMs(running, maxRequests));
      running += 1;
      bodiesBytes += bodyBytes;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        running -= 1;
        bodiesBytes -= bodyBytes;
      };
    },
  };
}

function busy(full: string, retryAfterMs: number): SensoriumError {
  return new SensoriumError('server.busy', 'The server works on as much as it can.', {
    hint: 'Try again after the time in the Retry-After header.',
    details: { full, retryAfterMs },
  });
}
