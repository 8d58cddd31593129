"""How the cost of a turn grows: with conversations in the store, with turns in a conversation, with languages."""
