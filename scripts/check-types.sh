#!/usr/bin/env bash
# Checks types and says over how many of our files; seeing next to none is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
npx tsc --noEmit
files=$(npx tsc --noEmit --listFilesOnly | grep -cv node_modules)
echo "types: $files files"
[ "$files" -gt 100 ]
