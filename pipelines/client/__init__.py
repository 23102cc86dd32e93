"""Homes of the engine behind the same eight verbs. No torch here."""
