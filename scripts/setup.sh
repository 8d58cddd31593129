#!/usr/bin/env bash
# Makes .venv with Python 3.10 and everything in uv.lock. Says plainly what is missing where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9

works() { # a shim of pyenv may exist and still fail: it is run before it is believed
  "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1
}

find_python() {
  local candidate
  for candidate in "${DREMPELHULP_PYTHON:-}" python3.10 python3 python \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python3.10 \
    /usr/local/bin/python3.10 /opt/homebrew/bin/python3.10 /opt/python/3.10*/bin/python3.10; do
    if [ -n "$candidate" ] && works "$candidate"; then echo "$candidate"; return; fi
  done
  if command -v uv >/dev/null 2>&1; then uv python find 3.10 2>/dev/null && return; fi
  return 1
}

if ! python=$(find_python); then
  echo "Drempelhulp needs Python 3.10 (Rasa 3.6 works with no newer one), and none was found." >&2
  echo "Install it (Debian: python3.10 and python3.10-venv; pyenv: pyenv install 3.10), or name it: DREMPELHULP_PYTHON=/path/to/python3.10 make run" >&2
  exit 1
fi
if ! command -v cc >/dev/null 2>&1 && ! command -v gcc >/dev/null 2>&1; then
  echo "Note: no C compiler was found. If the next step fails, install one (Debian: gcc)." >&2
fi
echo "Setting up with $("$python" --version) …"
[ -x .venv/bin/python ] && works .venv/bin/python || { rm -rf .venv; "$python" -m venv .venv; }
[ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" = "$UV_VERSION" ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
UV_PROJECT_ENVIRONMENT="$PWD/.venv" .venv/bin/uv sync --frozen --quiet --inexact
echo "Set up."
