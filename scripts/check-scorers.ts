import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRecorded } from '#eval/ledger/recorded.ts';
import { compareScorers, type PeerScore, type RecordedScores, recordedScores } from '#eval/ledger/scorer.ts';

// Scores the recorded pairs afresh with jiwer, in a virtual environment of its own, and with sclite where it is installed, and
// compares ours. `--data DIR` adds the recorded hypotheses of a folder; `--record` writes what they said beside the pairs.

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, record: { type: 'boolean', default: false } },
});
const JIWER = '4.0.0';
const folder = mkdtempSync(join(tmpdir(), 'scorers-'));
try {
  const recorded = recordedScores();
  const bare = recorded.pairs.map(({ jiwer: _, sclite: __, ...pair }) => pair);
  const extra = options.data === undefined ? [] : await hypothesesIn(options.data);
  if (await check('recorded pairs', bare, options.record)) process.exitCode = 1;
  if (extra.length > 0 && (await check(`${options.data}`, extra, false))) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

type BarePair = Omit<RecordedScores['pairs'][number], 'jiwer' | 'sclite'>;

async function check(name: string, pairs: readonly BarePair[], record: boolean): Promise<boolean> {
  const jiwer = byJiwer(pairs);
  const sclite = bySclite(pairs);
  const scored: RecordedScores = {
    versions: { ...jiwer.versions, ...(sclite?.versions ?? {}) },
    jiwerTogether: jiwer.together,
    pairs: pairs.map((pair, at) => ({
      ...pair,
      jiwer: jiwer.scores[at] ?? undefined,
      sclite: sclite?.scores[at],
    })),
  };
  const { cases, which } = await compareScorers(scored);
  const versions = Object.entries(scored.versions).map(([tool, version]) => `${tool} ${version}`);
  console.log(`${name}: ${pairs.length} pairs, ${cases} scores of ${versions.join(', ')}: ${which.length} differ`);
  for (const one of which.slice(0, 20)) console.log(`  ${one}`);
  if (record) writeFileSync(new URL('../src/eval/ledger/recorded-scores.json', import.meta.url), written(scored));
  return which.length > 0;
}

// A pair a line, so that a difference can be read.
function written({ pairs, ...rest }: RecordedScores): string {
  const lines = pairs.map((pair) => `    ${JSON.stringify(pair)}`);
  return `${JSON.stringify(rest, null, 2).slice(0, -2)},\n  "pairs": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function byJiwer(pairs: readonly BarePair[]) {
  const python = join(folder, 'venv', 'bin', 'python');
  if (!existsSync(python)) {
    run('python3', ['-m', 'venv', join(folder, 'venv')]);
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `jiwer==${JIWER}`]);
  }
  const program = `
import json, sys, jiwer, rapidfuzz
from importlib.metadata import version
pairs = json.load(sys.stdin)
letters = {'equal': 'C', 'substitute': 'S', 'delete': 'D', 'insert': 'I'}
def score(pair):
    if pair.get('alternations'): return None
    o = jiwer.process_words(pair['reference'], pair['hypothesis'])
    path = ''.join(letters[c.type] * max(c.ref_end_idx - c.ref_start_idx, c.hyp_end_idx - c.hyp_start_idx) for c in o.alignments[0])
    return {'path': path, 'rates': {'wer': o.wer, 'mer': o.mer, 'wil': o.wil, 'wip': o.wip}}
plain = [p for p in pairs if not p.get('alternations')]
whole = jiwer.process_words([p['reference'] for p in plain], [p['hypothesis'] for p in plain])
json.dump({'versions': {'jiwer': version('jiwer'), 'rapidfuzz': rapidfuzz.__version__}, 'together': whole.wer,
  'scores': [score(p) for p in pairs]}, sys.stdout)
`;
  const said = run(python, ['-c', program], JSON.stringify(pairs));
  return JSON.parse(said) as { versions: Record<string, string>; together: number; scores: (PeerScore | null)[] };
}

function bySclite(pairs: readonly BarePair[]) {
  const [command, ...first] = ['sclite', 'sctk sclite'].map((name) => name.split(' ')).find(isThere) ?? [];
  if (command === undefined) {
    console.log('sclite is not installed (Debian: sctk); only jiwer is asked');
    return null;
  }
  const lines = (side: 'reference' | 'hypothesis') => pairs.map((pair, at) => `${pair[side]} (s_${at})\n`).join('');
  writeFileSync(join(folder, 'reference.trn'), lines('reference'));
  writeFileSync(join(folder, 'hypothesis.trn'), lines('hypothesis'));
  const files = ['-r', join(folder, 'reference.trn'), 'trn', '-h', join(folder, 'hypothesis.trn'), 'trn'];
  const said = run(command, [...first, ...files, '-i', 'rm', '-e', 'utf-8', '-s', '-o', 'sgml', 'stdout']);
  const scores: PeerScore[] = [];
  for (const [, at, steps = ''] of said.matchAll(/<PATH id="\(s_(\d+)\)"[^>]*>\n(.*)\n/g)) {
    scores[Number(at)] = { path: [...steps.matchAll(/(?:^|:)([CSDI]),/g)].map(([, letter]) => letter).join('') };
  }
  const version = /sclite Version: (\S+), SCTK Version: (\S+)/.exec(helpOf([command, ...first])) ?? [];
  return { versions: { sclite: `${version[1]} (SCTK ${version[2]})` }, scores };
}

function helpOf([command = '', ...rest]: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command, rest, { encoding: 'utf8' });
  return `${stdout}${stderr}`;
}

function isThere(command: readonly string[]): boolean {
  return helpOf(command).includes('sclite Version');
}

function run(command: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', input, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
  return stdout;
}

async function hypothesesIn(data: string): Promise<BarePair[]> {
  const spaced = (text: string) => [...text.replaceAll(/\s+/gu, '')].join(' ');
  return [...(await readRecorded(data)).entries()].flatMap(([kind, utterances]) =>
    utterances.flatMap(({ reference, heard, corrected, readers }) =>
      [heard, ...Object.values(corrected), ...Object.values(readers)].map((text) => ({
        kind,
        unit: 'character' as const,
        reference: spaced(reference),
        hypothesis: spaced(text),
      })),
    ),
  );
}
