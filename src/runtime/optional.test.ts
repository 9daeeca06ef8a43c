import { expect, it } from 'vitest';
import { installedVersion, loadOptional } from './optional.ts';

it('finds what is installed without loading it', () => {
  expect(installedVersion('onnxruntime-node')).toMatch(/^\d+\.\d+\.\d+/);
});

it('says what to install when a package is missing, and lets other errors be', async () => {
  const missing = loadOptional('node-llama-cpp', () => import('sensorium-has-no-such-package' as string));
  await expect(missing).rejects.toMatchObject({
    code: 'runtime.package-missing',
    hint: expect.stringContaining('npm install node-llama-cpp@'),
  });
  await expect(loadOptional('node-llama-cpp', () => Promise.reject(new Error('broken binary')))).rejects.toThrow(
    'broken binary',
  );
});
