import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GateReport } from '#contract/gate.ts';
import { listGateReports, readGateReport, writeGateReport } from './records.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'gate-records-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const nothing = { value: null, low: null, high: null, source: null, reason: 'not measured' };
const report = (component: string, model: string, createdAt = '2026-11-26T10:00:00.000Z'): GateReport => ({
  ...{ schema: 'embedding-gate/1', createdAt, component, model, fingerprint: null, checks: [], items: 0, t: null },
  ...{ information: nothing, againstText: nothing, grade: 'refused', fallback: 'text', calibration: null },
});

it('gives back what was kept, for this component before this model only', async () => {
  await writeGateReport(home, report('own-table', 'a'));
  await writeGateReport(home, report('/a/b', 'c'));
  // As a file name both would look alike.
  await writeGateReport(home, report('-a-b', 'c', '2026-11-26T11:00:00.000Z'));
  expect(await readGateReport(home, 'own-table', 'a')).toEqual(report('own-table', 'a'));
  expect((await readGateReport(home, '/a/b', 'c'))?.createdAt).toBe('2026-11-26T10:00:00.000Z');
  expect(await readGateReport(home, 'own-table', 'b')).toBeNull();
  expect((await listGateReports(home)).map(({ component }) => component)).toEqual(['-a-b', '/a/b', 'own-table']);
});

it('writes over an earlier one, whole, and leaves nothing beside it', async () => {
  await Promise.all(
    Array.from({ length: 8 }, (_, at) => writeGateReport(home, report('twice', 'm', `2026-11-26T10:00:0${at}.000Z`))),
  );
  expect((await listGateReports(home)).filter(({ component }) => component === 'twice')).toHaveLength(1);
  expect((await readdir(join(home, 'gates'))).filter((name) => !name.endsWith('.json'))).toEqual([]);
});

it('takes a record that was cut or changed for none', async () => {
  const path = await writeGateReport(home, report('broken', 'm'));
  const whole = await readFile(path, 'utf8');
  for (const text of [
    whole.slice(0, -9),
    '',
    'null',
    '[]',
    whole.replace('"refused"', '"perfect"'),
    whole.replace('broken', 'other'),
  ]) {
    await writeFile(path, text);
    expect(await readGateReport(home, 'broken', 'm')).toBeNull();
  }
});

it('has nothing where no gate ever looked', async () => {
  expect(await listGateReports(join(home, 'nowhere'))).toEqual([]);
  expect(await readGateReport(join(home, 'nowhere'), 'a', 'b')).toBeNull();
});
