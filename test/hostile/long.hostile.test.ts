import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeTwoHours } from './named-files.ts';
import { hostileParts, outcomeOf, slipIn } from './outcome.ts';

const folder = mkdtempSync(join(tmpdir(), 'long-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('two hours of silence are an empty transcript with the reason, in bounded memory', async () => {
  const path = join(folder, 'two-hours.wav');
  writeTwoHours(path);
  const before = process.memoryUsage.rss();
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss() - before);
  }, 50);
  const outcome = await outcomeOf({ kind: 'path', path }, hostileParts());
  clearInterval(watch);
  console.log(`two hours: ${Math.round(outcome.tookMs)} ms, ${Math.round(most / 2 ** 20)} MB more than before`);
  expect(slipIn(outcome)).toBeNull();
  expect(outcome.perception).toMatchObject({ kind: 'transcript', text: '', durationMs: 7_200_000 });
  expect(outcome.losses).toMatchObject([{ kind: 'no-speech' }]);
  // The file has 220 MB.
  expect(most).toBeLessThan(150 * 2 ** 20);
});
