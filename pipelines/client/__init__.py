"""Homes of the engine behind the same five verbs. No torch here."""
