"""Residents who go on talking while servers are killed and databases taken away: `.venv/bin/python -m bench.chaos`."""
