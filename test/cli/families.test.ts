import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, runCli } from './run-cli.ts';

describe('families on the command line', () => {
  beforeAll(buildCli, 60_000);

  it('shows what is known of a model, and who says so', async () => {
    const { code, stdout } = await runCli(['models', 'show', 'qwen:qwen3-omni-flash', '--json']);
    expect(code).toBe(0);
    const { capabilities } = JSON.parse(stdout);
    expect(capabilities).toMatchObject({
      input: { audio: true },
      output: { audio: true },
      rules: { streamOnly: true },
    });
    expect(capabilities.source).not.toBe('');
    expect(capabilities.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('lists the servers that stand in for vendors', async () => {
    const { code, stdout } = await runCli(['conformance', 'list', '--json']);
    expect(code).toBe(0);
    const { servers } = JSON.parse(stdout) as { servers: { name: string; cases: object }[] };
    expect(servers.length).toBeGreaterThan(15);
    for (const { name, cases } of servers) expect([name, Object.keys(cases).length]).not.toEqual([name, 0]);
  });
});
