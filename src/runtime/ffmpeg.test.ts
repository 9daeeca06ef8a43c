import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeWithFfmpeg } from './ffmpeg.ts';

const folder = mkdtempSync(join(tmpdir(), 'ffmpeg-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('gives a file up that is looked into for too long, and keeps what was said until then', async () => {
  const endless = join(folder, 'endless');
  writeFileSync(endless, '#!/bin/sh\necho "some words" >&2\nexec sleep 600\n');
  chmodSync(endless, 0o755);
  const { code, stderr } = await describeWithFfmpeg(endless, [], new AbortController().signal, 1_000);
  expect({ code, stderr }).toEqual({ code: null, stderr: 'some words\n' });
});
