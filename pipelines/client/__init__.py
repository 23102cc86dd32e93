"""Homes of the engine behind the same seven verbs. No torch here."""
