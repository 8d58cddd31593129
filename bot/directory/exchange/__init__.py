"""The map in a sheet or a document that others can open: out of it, into it again, and what differs."""
