"""Which model files exist and what they are, from their headers alone."""
