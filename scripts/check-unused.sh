#!/usr/bin/env bash
# Looks for unused files, exports and dependencies; first makes sure that the search finds a planted one.
set -euo pipefail
cd "$(dirname "$0")/.."
planted=src/kit/planted-by-check-unused.ts
trap 'rm -f "$planted"' EXIT
echo 'export const planted = 1;' > "$planted"
# The search fails when it finds something, so its output is read first.
found=$(npx knip --tsConfig tsconfig.build.json --exclude types 2>/dev/null || true)
rm -f "$planted"
grep -q planted-by-check-unused <<<"$found" || { echo 'unused: the search did not find what was planted' >&2; exit 1; }
npx knip --tsConfig tsconfig.build.json --exclude types
echo "unused: nothing among $(git ls-files '*.ts' '*.js' | wc -l) files and $(node -p 'const p = require("./package.json"); Object.keys({...p.dependencies, ...p.devDependencies}).length') dependencies"
