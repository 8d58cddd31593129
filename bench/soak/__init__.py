"""Whether memory stays what it is over many turns: `.venv/bin/python -m bench.soak`."""
