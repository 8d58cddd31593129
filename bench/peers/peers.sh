#!/usr/bin/env bash
# Trains Rasa's own pipelines on a part of our material, in an environment with the whole of Rasa, and puts them beside ours.
set -euo pipefail
cd "$(dirname "$0")/../.."
size="${1:-3000}"
folder="$PWD/var/peers"
[ -x "$folder/venv/bin/python" ] || {
  .venv/bin/uv venv --quiet --python .venv/bin/python "$folder/venv"
  .venv/bin/uv pip install --quiet --python "$folder/venv/bin/python" "rasa==3.6.21" "setuptools<81" "packaging<22"
}
PYTHONPATH=. .venv/bin/python bench/peers/export.py "$folder/part" "$size"
for config in buerokratt rasa_default; do
  RASA_TELEMETRY_ENABLED=false "$folder/venv/bin/python" bench/peers/answer.py "$folder/part" "bench/peers/$config.yml"
done
PYTHONPATH=. .venv/bin/python bench/peers/compare.py "$folder/part" "$size"
.venv/bin/python -m bot evaluate --page
