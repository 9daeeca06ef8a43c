import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCommand } from '#kit/command.ts';
import { loaderFlags } from '#kit/from-source.ts';

const fixture = fileURLToPath(new URL('./__fixtures__/load-transformers.ts', import.meta.url));

it('loads transformers.js without a way to the network, a cache, or what reports to anybody', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-transformers-'));
  const env = { HOME: folder, XDG_CACHE_HOME: folder, TMPDIR: folder, ORT_DISABLE_TELEMETRY: '0' };
  const { code, stdout, stderr } = await runCommand(process.execPath, [...loaderFlags(fixture), fixture], { env });
  // The loader of our sources keeps things here too.
  const written = readdirSync(folder).filter((name) => !/^(tsx-|node-compile-cache|node-)/.test(name));
  rmSync(folder, { recursive: true });
  expect([code, stderr, written]).toEqual([0, '', []]);
  expect(JSON.parse(`${stdout}`)).toEqual([
    expect.stringContaining('file was not found locally'),
    'A model asked for a file from the network.',
  ]);
});
