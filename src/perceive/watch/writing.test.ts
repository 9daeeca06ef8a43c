import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { countWritings } from './__fixtures__/writings.ts';

const folder = mkdtempSync(join(tmpdir(), 'watch-writing-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('notices new writing, also over what moves, and takes little else for it', async () => {
  const { chosen } = await countWritings(folder, 6, { chosen: {} });
  expect(chosen.found / chosen.there).toBeGreaterThanOrEqual(0.95);
  expect(chosen.wrong).toBeLessThanOrEqual(13);
}, 60_000);
