import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { craftedTensor } from '../../src/kit/tensor/__fixtures__/crafted.ts';
import { type Rows, readTensor, writeTensor } from '../../src/kit/tensor/tensor.ts';
import { runProgram } from '../compat/program.ts';
import { judged } from './judge.ts';

/** PyTorch is gigabytes, so nobody installs it for this: a Python that has it is named, or is the usual one. */
const PYTHON = process.env.SENSORIUM_TORCH_PYTHON ?? 'python3';
const SCRIPT = new URL('torch_tensors.py', import.meta.url).pathname;
const CRAFTED = 20_000;

interface Said {
  readonly name: string;
  readonly dtype?: string;
  readonly shape?: readonly number[];
  readonly values?: readonly number[];
  readonly rounded?: readonly number[];
  readonly error?: string;
}

function rowsOf(rows: number, width: number): Rows {
  return { rows, width, values: Float32Array.from({ length: rows * width }, (_, at) => Math.sin(at) * 10 ** (at % 9)) };
}

const SHAPES = [
  ...[rowsOf(1, 1), rowsOf(1, 4096), rowsOf(3, 5), rowsOf(255, 2), rowsOf(256, 2), rowsOf(300, 300), rowsOf(70_000, 2)],
  // Ties, the smallest and the largest numbers, and both zeros.
  {
    rows: 1,
    width: 8,
    values: new Float32Array([1.00390625, 1.01171875, 0, -0, 1e-45, -1.17549435e-38, 3.38e38, -3.38e38]),
  },
];

judged(
  {
    name: `PyTorch (${PYTHON}), reading with weights_only=True`,
    prepare: () => runProgram(PYTHON, ['-c', 'import torch; print(torch.__version__)']),
  },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sensorium-torch-'));
    return {
      async read(files: readonly Buffer[]): Promise<readonly Said[]> {
        files.forEach((file, at) => {
          writeFileSync(join(folder, `${String(at).padStart(6, '0')}.pt`), file);
        });
        const { stdout: lines } = await runProgram(PYTHON, [SCRIPT, folder]);
        for (const at of files.keys()) rmSync(join(folder, `${String(at).padStart(6, '0')}.pt`));
        return lines
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
      },
      async end() {
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
  (check) => {
    check('reads our float32 exactly', async ({ read }) => {
      const said = await read(SHAPES.map((tensor) => writeTensor({ ...tensor, type: 'float32' })));
      for (const [at, { rows, width, values }] of SHAPES.entries()) {
        expect(said[at]).toMatchObject({ dtype: 'torch.float32', shape: [rows, width] });
        expect(said[at]?.values).toEqual([...values]);
      }
    });

    check('rounds to bfloat16 as we do', async ({ read }) => {
      const exact = await read(SHAPES.map((tensor) => writeTensor({ ...tensor, type: 'float32' })));
      const ours = await read(SHAPES.map((tensor) => writeTensor({ ...tensor, type: 'bfloat16' })));
      for (const [at, { rows, width }] of SHAPES.entries()) {
        expect(ours[at]).toMatchObject({ dtype: 'torch.bfloat16', shape: [rows, width] });
        expect(ours[at]?.values).toEqual(exact[at]?.rounded);
      }
    });

    check(`reads the same as we do in whatever we take of ${CRAFTED} crafted files`, async ({ read }) => {
      const taken = Array.from({ length: CRAFTED }, (_, seed) => craftedTensor(seed)).flatMap((file) => {
        try {
          return [{ file, tensor: readTensor(file) }];
        } catch {
          return [];
        }
      });
      const torchFiles = taken.filter(({ file }) => file.subarray(0, 2).toString() === 'PK');
      const said = await read(torchFiles.map(({ file }) => file));
      expect(torchFiles.length).toBeGreaterThan(50);
      let same = 0;
      for (const [at, { tensor }] of torchFiles.entries()) {
        const { error, values, shape } = said[at] ?? {};
        // PyTorch may refuse what we read; it must never see other numbers than we do.
        if (error !== undefined) continue;
        same += 1;
        expect(shape?.slice(-2)).toEqual([tensor.rows, tensor.width]);
        expect(values?.map(Math.fround)).toEqual([...tensor.values]);
      }
      console.log(`servers: PyTorch read ${same} of the ${torchFiles.length} crafted files that we take, all alike`);
      expect(same).toBeGreaterThan(torchFiles.length / 2);
    });
  },
);
