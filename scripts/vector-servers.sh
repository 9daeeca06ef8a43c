#!/usr/bin/env bash
# Gets PostgreSQL with pgvector, Qdrant's engine and Milvus Lite into the cache and runs the vector stores' exam on them: twenty minutes at most.
# Where Python or its registry is missing it says aloud what was left out, and that is no failure.
set -euo pipefail
cd "$(dirname "$0")/.."
timeout 1200 npx vitest run --project servers test/servers/pgvector test/servers/qdrant test/servers/milvus
