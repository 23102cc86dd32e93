"""Families that go in straight lines from noise to picture (flow matching): one way for all of them and every task."""
