"""Words: every text comes from locales/, is put together here, and is said in one language at a time."""
