"""The one exception family of this package."""


class CanvasError(Exception):
    """Something the document cannot do; the message is a sentence for the person at the screen."""
