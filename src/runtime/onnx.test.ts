import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCommand } from '#kit/command.ts';
import { loaderFlags } from '#kit/from-source.ts';

const fixture = fileURLToPath(new URL('./__fixtures__/load-onnx.ts', import.meta.url));

/** What the library writes for itself where it is loaded: the settings given come on top of those of this process. */
async function written(settings: Record<string, string>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-onnx-'));
  const env = { HOME: folder, XDG_CACHE_HOME: folder, TMPDIR: folder, ...settings };
  const { code, stderr } = await runCommand(process.execPath, [...loaderFlags(fixture), fixture], { env });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  // The loader of our sources keeps things here too.
  const found = readdirSync(folder).filter((name) => !/^(tsx-|node-compile-cache|node-)/.test(name));
  rmSync(folder, { recursive: true });
  return found;
}

// Where it reports, a session file and a log file lie in the folder for temporary files.
it('loads onnxruntime without what reports to its makers, whatever the environment says', async () => {
  expect(await written({})).toEqual([]);
  expect(await written({ ORT_DISABLE_TELEMETRY: '0' })).toEqual([]);
});
