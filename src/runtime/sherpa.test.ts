import os from 'node:os';
import { afterAll, expect, it } from 'vitest';
import { loadSherpa } from './sherpa.ts';

// The package looks for the build that belongs to the machine's architecture.
const { arch } = os;
os.arch = () => 'pdp11' as NodeJS.Architecture;
afterAll(() => {
  os.arch = arch;
});

it('says what to do on a machine that has no build of it', async () => {
  await expect(loadSherpa()).rejects.toMatchObject({
    code: 'runtime.package-missing',
    message: 'sherpa-onnx-node has no build that runs on this machine.',
    hint: expect.stringContaining('--include=optional'),
  });
});
