import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { modelFolder } from '../../../test/model-folder.ts';
import { readModel } from '../onnx/index.ts';
import { REGISTRY, runPreparation } from './run.ts';
import { whisperDecoder, whisperEncoder } from './whisper.ts';

const { signal } = new AbortController();

it.each([whisperEncoder, whisperDecoder])(
  'makes $output of Whisper base to the same bytes again',
  async (preparation) => {
    const folder = await modelFolder('whisper-base');
    const scratch = mkdtempSync(join(tmpdir(), 'sensorium-whisper-'));
    const target = join(scratch, 'made.onnx');
    const begunMs = performance.now();
    await runPreparation(REGISTRY, preparation, { model: 'whisper-base', folder, target }, signal);
    const tookMs = performance.now() - begunMs;
    const made = readFileSync(target);
    rmSync(scratch, { recursive: true });
    console.log(
      `models: ${preparation.output}, ${(made.length / 1e6).toFixed(1)} MB, made in ${(tookMs / 1000).toFixed(1)} s`,
    );
    expect(Buffer.compare(made, readFileSync(join(folder, preparation.output)))).toBe(0);
    // The weights are kept once and in 8 bits: less than half of the 145 MB in float16 that they come from.
    expect(made.length).toBeLessThan(60e6);
    const types = readModel(made).graph.node.map((node) => node.opType);
    expect(types.filter((type) => type === 'MultiHeadAttention')).toHaveLength(6);
  },
);
