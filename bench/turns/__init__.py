"""How fast whole turns are, over HTTP, with the real stores: `.venv/bin/python -m bench.turns`."""
