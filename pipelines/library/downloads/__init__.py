"""Downloads of models: only what a person asked for, whole, checked, and resumable."""
