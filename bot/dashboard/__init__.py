"""What the gemeente sees: the published tables as pages, files and an API, in a process of its own."""
