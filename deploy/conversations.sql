-- The running conversations in a database of their own: they are never backed up, the statistics are.
CREATE DATABASE conversations;
