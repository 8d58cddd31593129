"""The ways in and out: each takes a message to the dialogue and carries the answer back, within its own limits."""
