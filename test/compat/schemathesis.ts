import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runProgram } from './program.ts';
import type { Judged } from './server.ts';

const MAX_SECONDS = 45;
/** Fewer than this looked at next to nothing. */
const FEWEST_CASES = 200;

/** What we read of the tool's report. */
const Report = z.looseObject({
  operations: z.looseObject({ selected: z.number(), tested: z.number(), errored: z.number() }),
  test_cases: z.looseObject({ generated: z.number(), errored: z.number() }),
  failures: z.array(z.looseObject({})),
  errors: z.array(z.looseObject({})),
});

/**
 * Sends requests made from the server's own description, right ones and wrong ones, and gives the 5xx it found. The
 * server must answer from the upstream and fetch no addresses, so that only its own faults can be met, and quickly.
 */
export async function fuzz(
  installed: string,
  { url, key }: Judged,
): Promise<{ readonly problems: readonly string[]; readonly operations: number; readonly cases: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-fuzz-'));
  const path = join(folder, 'report.json');
  try {
    const { stdout, stderr } = await runProgram(
      join(installed, 'venv/bin/schemathesis'),
      [
        ...['run', `${url}/openapi.json`, '--header', `Authorization: Bearer ${key}`],
        ...['--checks', 'not_a_server_error', '--phases', 'coverage,fuzzing'],
        ...['--max-examples', '25', '--max-time', String(MAX_SECONDS), '--request-timeout', '30', '--seed', '1'],
        ...['--workers', '2', '--no-color', '--continue-on-failure', '--no-shrink'],
        ...['--report', 'json', '--report-json-path', path],
      ],
      // It keeps what it learned in the folder it runs in.
      { anyCode: true, cwd: folder, timeoutMs: (MAX_SECONDS + 120) * 1000, env: { HOME: folder } },
    );
    let report: z.infer<typeof Report>;
    try {
      report = Report.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch {
      return { problems: [`it left no report: ${(stdout + stderr).slice(-2000)}`], operations: 0, cases: 0 };
    }
    const { operations, test_cases: cases, failures, errors } = report;
    const problems = [...failures, ...errors].map((one) => JSON.stringify(one).slice(0, 1500));
    if (operations.tested !== operations.selected)
      problems.push(`${operations.tested} of ${operations.selected} tested`);
    if (cases.generated < FEWEST_CASES) problems.push(`only ${cases.generated} requests were made`);
    return { problems, operations: operations.tested, cases: cases.generated };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
