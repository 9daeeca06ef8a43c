#!/usr/bin/env bash
# The embedding route's own figures, a few of each: vectors go in exactly, nothing hostile passes the gate, a store finds what a scan finds.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
npm run -s eval:embedding -- --quick --only roundTrip,gate,retrieval --out "$out/embedding.json"
node -e '
  const { roundTrip, gate, retrieval } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  const models = ["smollm2-135m-instruct", "qwen2.5-coder-0.5b-instruct"];
  const checks = [
    ["vectors of the own table go in exactly", models.every((name) => roundTrip[name]?.maxAbsDiff === 0)],
    ["everything hostile is refused", models.every((name) => gate[name]?.hostileTotal > 0 && gate[name].hostileRefused === gate[name].hostileTotal)],
    ["everything good is let in", models.every((name) => gate[name]?.positivesTotal > 0 && gate[name].positivesAccepted === gate[name].positivesTotal)],
    ["the store finds what a scan finds", retrieval.recallAt10 >= 0.99 && retrieval.recallAt10Filter1pct >= 0.99],
  ];
  for (const [what, holds] of checks) console.log(`embedding: ${holds ? "holds" : "DOES NOT HOLD"}: ${what}`);
  process.exit(checks.every(([, holds]) => holds) ? 0 : 1);
' "$out/embedding.json"
