#!/usr/bin/env bash
# Asks pip-audit (a tool of its own: it conflicts with Rasa's pins) about everything in both locks: what is served, and what tests it.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p var
worst=0
for project in . fuzz; do
  echo "== $project/uv.lock"
  .venv/bin/uv export --project "$project" --frozen --no-dev --no-hashes --no-emit-local --quiet --output-file var/audit.txt >/dev/null
  said=$(.venv/bin/uv tool run pip-audit -r var/audit.txt --no-deps --disable-pip --desc off --progress-spinner off 2>&1) && found=0 || found=$?
  echo "$said"
  if grep -q "could not be audited" <<<"$said"; then
    echo "*** NOT AUDITED: for the packages above no list of holes could be had; this is no clean bill." >&2
    found=1
  fi
  [ "$found" = 0 ] || worst=$found
done
exit "$worst"
