"""Prompt text: weights, wildcards, presets. Pure text, no models."""
