#!/usr/bin/env bash
# Looks for unused files, exports and dependencies; first makes sure that the search finds a planted one.
set -euo pipefail
cd "$(dirname "$0")/.."
planted=src/kit/planted-by-check-unused.ts
trap 'rm -f "$planted"' EXIT
echo 'export const planted = 1;' > "$planted"
if npx knip --tsConfig tsconfig.build.json --exclude types 2>/dev/null | grep -q planted-by-check-unused; then rm -f "$planted"; else
  echo 'unused: the search did not find what was planted' >&2
  exit 1
fi
npx knip --tsConfig tsconfig.build.json --exclude types
echo "unused: nothing among $(git ls-files '*.ts' '*.js' | wc -l) files and $(node -p 'const p = require("./package.json"); Object.keys({...p.dependencies, ...p.devDependencies}).length') dependencies"
