"""From what a turn costs to how many servers a city needs: `.venv/bin/python -m bench.capacity --help`."""
