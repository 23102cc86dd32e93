"""Every family at small size, built in code from real classes with random weights: for tests and `models matrix`."""
