"""Everything a person can do: one table, one module for each menu."""
