#!/usr/bin/env bash
# The ledger's signals on recorded hypotheses, where those lie beside the project; it says aloud where they do not.
set -euo pipefail
cd "$(dirname "$0")/.."
data=../shared/data/text
if ! ls "$data"/*-asr-hypotheses.tsv >/dev/null 2>&1; then
  echo "ledger: skipped, there are no recorded hypotheses in $data"
  exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
npm run -s eval:ledger -- --data "$data" --out "$out/ledger.json"
node -e '
  const { scorer, flags, gate } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  const sets = Object.entries(gate).flatMap(([set, of]) => Object.entries(of).map(([who, figures]) => ({ set, who, ...figures })));
  const checks = [
    ["scores are those of jiwer and sclite", scorer.cases > 200 && scorer.mismatches === 0],
    ["text alone finds wrong characters", flags.textOnly.auroc >= 0.9 && flags.textOnly.recallAtP60 >= 0.55 && flags.textOnly.ece <= 0.02],
    ["one proof-reading finds more", flags.withProofread.recallAtP60 >= 0.67],
    ["the gate makes no corrector worse than none", sets.length > 0 && sets.every(({ cerBefore, cerUngated, cerGated }) => cerGated < cerBefore && cerGated < cerUngated)],
    ["the gate helps more than it harms", sets.every(({ helped, harmed }) => helped > 3 * harmed)],
  ];
  for (const [what, holds] of checks) console.log(`ledger: ${holds ? "holds" : "DOES NOT HOLD"}: ${what}`);
  process.exit(checks.every(([, holds]) => holds) ? 0 : 1);
' "$out/ledger.json"
