import { CHECKS } from './checks.ts';
import { CLIENTS, manifestOf } from './clients.ts';
import type { Judgement } from './run-client.ts';

const MARKS = { passed: '✓', failed: '✗', 'not-run': '–' } as const;

/** The head of every table: the clients with their versions. */
export function tableHead(): string {
  const columns = CLIENTS.map(({ id, title, runtime }) => {
    const [name] = manifestOf(id, runtime.kind).packages;
    return `${title}<br>${name}`;
  });
  return `| | ${columns.join(' | ')} |\n|---|${columns.map(() => ':-:|').join('')}`;
}

/** `docs/compat.md`: endpoint × client × passed, from one run. */
export function renderTable(judgements: ReadonlyMap<string, Judgement>, fuzzedOperations: number | null): string {
  const endpoints = [...new Set(CHECKS.map(({ endpoint }) => endpoint))];
  const outcomeOf = (client: string, check: string) =>
    judgements.get(client)?.outcomes.get(check)?.outcome ?? 'not-run';
  const summary = endpoints.map((endpoint) => {
    const ids = CHECKS.filter((check) => check.endpoint === endpoint).map(({ id }) => id);
    const cells = CLIENTS.map(({ id: client }) => {
      const run = ids.map((id) => outcomeOf(client, id)).filter((outcome) => outcome !== 'not-run');
      const passed = run.filter((outcome) => outcome === 'passed').length;
      if (run.length === 0) return 'not run';
      return passed === run.length ? `${passed} passed` : `${passed} passed, ${run.length - passed} failed`;
    });
    return `| \`${endpoint}\` | ${cells.join(' | ')} |`.replace('`errors and retries`', 'errors and retries');
  });
  const shapes = CLIENTS.map(({ id }) => {
    const judgement = judgements.get(id);
    if (!judgement) return 'not run';
    return judgement.problems.length === 0 ? 'all' : 'not all';
  });
  const details = endpoints.map((endpoint) => {
    const lines = CHECKS.filter((check) => check.endpoint === endpoint).map(({ id, what }) => {
      const cells = CLIENTS.map(({ id: client }) => MARKS[outcomeOf(client, id)]);
      return `| ${what} | ${cells.join(' | ')} |`;
    });
    return `### ${endpoint}\n\n${tableHead()}\n${lines.join('\n')}\n`;
  });
  return `# Clients that work unchanged

Written by \`npm run test:compat -- --write\`, and compared with a new run in every check of the whole project. Each client is a
program of its own (\`test/compat/clients\`) that talks to one server with real local models. Sounds are decoded by ffmpeg and
heard again: they must say the text. Every answer that crosses the wire is held against the shapes of OpenAI’s API document, also those
a client would forgive.

${tableHead()}
${summary.join('\n')}
| answers in OpenAI’s shapes | ${shapes.join(' | ')} |

Schemathesis (${manifestOf('schemathesis', 'python').packages[0]}) makes requests from \`/openapi.json\`, right ones and wrong ones: ${
    fuzzedOperations === null ? 'not run' : `no 5xx in ${fuzzedOperations} operations`
  }.
Its server answers from an upstream that is made for the test, and fetches no addresses.

Known difference: segments of \`verbose_json\` say \`null\` for what nobody measured (\`seek\`, \`temperature\`, with some recognisers
\`no_speech_prob\`), where OpenAI’s document has numbers. None of these clients minds.

## Check by check

✓ passed · ✗ failed · – the client has no way to ask for it

${details.join('\n')}`;
}
