#!/usr/bin/env bash
# Every check and test, the quick ones first, in two processes (-n 0: in one). A browser is needed for the website's tests: says where to get one.
set -euo pipefail
cd "$(dirname "$0")/.."

find_browser() {
  local name
  for name in "${DREMPELHULP_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then command -v "$name"; return; fi
  done
  ls "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium*/chrome-linux*/chrome 2>/dev/null | head -n 1
}

browser=$(find_browser || true)
if [ -z "$browser" ] && [ "${CI:-}" = "true" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "No browser here; fetching Debian's chromium …"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
  browser=$(find_browser || true)
fi
if [ -z "$browser" ]; then
  echo "*** NO BROWSER: the website's tests are skipped (with CI=true they fail)." >&2
  echo "*** Get one: 'apt-get install chromium' on Debian, or '.venv/bin/playwright install chromium'." >&2
fi
export DREMPELHULP_CHROMIUM="$browser"
if ! command -v nginx >/dev/null 2>&1 && [ "${CI:-}" = "true" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "No nginx here; fetching Debian's, to read deploy/nginx.conf …"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nginx-light >/dev/null || true
fi

.venv/bin/ruff check .
.venv/bin/ruff format --check --quiet .
.venv/bin/mypy
.venv/bin/python -m bot check
.venv/bin/python -m bot train  # before the tests part: two of them would both learn it
.venv/bin/python -m pytest -n 2 --dist loadfile "$@"
