"""The one exception family of the starter's training."""


class StarterError(Exception):
    """Training, evaluating or exporting the starter cannot go on; the message says what is wrong and what to do."""
