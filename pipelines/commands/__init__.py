"""What the commands without a window do; `pipelines/cli.py` says how they are called."""
