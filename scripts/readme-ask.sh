#!/usr/bin/env bash
# Runs the README's first command to the letter (the part after `npm ci`), then checks what it left behind.
set -euo pipefail
command=$(grep -m1 -o 'npx sensorium ask .*' README.md)
printf 'running: %s\n' "$command"
rm -f reply.wav
bash -c "$command"
node -e '
const bytes = require("node:fs").readFileSync("reply.wav");
if (bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.length < 24000) throw new Error(`reply.wav holds no speech (${bytes.length} bytes)`);
console.log(`readme-ask: 1 command, reply.wav of ${bytes.length} bytes`);
'
rm -f reply.wav
