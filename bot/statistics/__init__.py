"""The counting: separate coarse counters for each published table, and one gate before anything of them is shown."""
