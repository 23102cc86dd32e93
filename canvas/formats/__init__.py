"""Import and export of open picture formats."""
