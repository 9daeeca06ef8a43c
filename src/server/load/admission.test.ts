import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openPace } from '#kit/pace.ts';
import { openAdmission } from './admission.ts';

const limits = { maxRequests: 4, maxBodiesBytes: 100 };

it('never holds more than it may, and exactly what is inside', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ enters: fc.boolean(), bytes: fc.nat(60), which: fc.nat(1_000) }), { maxLength: 200 }),
      (steps) => {
        const admission = openAdmission(limits);
        const visits: { leave: () => void; bytes: number; inside: boolean }[] = [];
        for (const { enters, bytes, which } of steps) {
          const inside = visits.filter((visit) => visit.inside);
          const heldBytes = inside.reduce((sum, visit) => sum + visit.bytes, 0);
          if (enters) {
            const fits = inside.length < limits.maxRequests && heldBytes + bytes <= limits.maxBodiesBytes;
            try {
              visits.push({ leave: admission.enter(bytes), bytes, inside: true });
              expect(fits).toBe(true);
            } catch (error) {
              expect(error).toMatchObject({ code: 'server.busy' });
              expect(fits).toBe(false);
            }
          } else {
            // Any visit: one that ended before must change nothing.
            const visit = visits[which % Math.max(1, visits.length)];
            visit?.leave();
            if (visit) visit.inside = false;
          }
          const now = visits.filter((visit) => visit.inside);
          expect(admission.running).toBe(now.length);
          expect(admission.bodiesBytes).toBe(now.reduce((sum, visit) => sum + visit.bytes, 0));
        }
      },
    ),
  );
});

it('one body larger than all room is let in alone, since nothing would ever let it in otherwise', () => {
  const admission = openAdmission(limits);
  const leave = admission.enter(1_000);
  expect(() => admission.enter(0)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ full: 'bytes' }) }),
  );
  leave();
  admission.enter(0);
  expect(() => admission.enter(1_000)).toThrow(expect.objectContaining({ code: 'server.busy' }));
});

it('says when to come back: a second before anything was measured, then by the median', () => {
  const pace = openPace();
  expect(pace.retryAfterMs(5, 1)).toBe(1_000);
  for (const durationMs of [90_000, 400, 300]) pace.note(durationMs);
  expect(pace.retryAfterMs(4, 1)).toBe(1_600);
  expect(pace.retryAfterMs(4, 4)).toBe(400);
  expect(pace.retryAfterMs(0, 1)).toBe(400);
});

it('forgets how long requests took long ago, and keeps to what clients will wait', () => {
  const pace = openPace();
  for (let i = 0; i < 64; i++) pace.note(5_000);
  expect(pace.retryAfterMs(1_000, 1)).toBe(60_000);
  for (let i = 0; i < 64; i++) pace.note(1);
  expect(pace.retryAfterMs(1, 1)).toBe(100);
});

it('a busy server’s refusal carries that time', () => {
  const pace = openPace();
  pace.note(2_500);
  const admission = openAdmission({ maxRequests: 1, maxBodiesBytes: 1 }, pace);
  admission.enter(0);
  expect(() => admission.enter(0)).toThrow(
    expect.objectContaining({ retryable: true, details: { full: 'requests', retryAfterMs: 2_500 } }),
  );
});
