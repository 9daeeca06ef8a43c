import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loaderFlags } from './from-source.ts';
import { orDiskFull, temporaryFolder } from './temporary.ts';

const scratch = mkdtempSync(join(tmpdir(), 'kit-temporary-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('a temporary folder', () => {
  it('is only for this user, and gone with all that is in it', async () => {
    const folder = await temporaryFolder();
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    writeFileSync(join(folder.path, 'a'), 'b');
    await folder.close();
    expect(() => statSync(folder.path)).toThrow('ENOENT');
  });

  it('does not outlive a process that ends before it hears of it', () => {
    const module = new URL('./temporary.ts', import.meta.url).href;
    const program = `
      const { temporaryFolder } = await import(${JSON.stringify(module)});
      void temporaryFolder();
      for (const startMs = Date.now(); Date.now() - startMs < 50; );
      process.exit(7);`;
    const flags = [...loaderFlags('x.ts'), '--input-type=module', '-e', program];
    const { status } = spawnSync(process.execPath, flags, { env: { ...process.env, TMPDIR: scratch } });
    expect(status).toBe(7);
    expect(readdirSync(scratch).filter((name) => name.startsWith('sensorium-'))).toEqual([]);
  });
});

it('says what to do where there is no room', () => {
  for (const code of ['ENOSPC', 'EDQUOT']) {
    expect(orDiskFull(Object.assign(new Error(), { code }))).toMatchObject({
      code: 'kit.disk-full',
      hint: expect.stringMatching(/temporary/),
    });
  }
  const other = new Error('other');
  expect([orDiskFull(other), orDiskFull(undefined)]).toEqual([other, undefined]);
});
