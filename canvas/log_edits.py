"""The reversible edit of what the painter says about a logged generation: star, note, deletion."""

from dataclasses import dataclass

from canvas.edits import Editable
from canvas.generations import Annotation


@dataclass
class AnnotationEdit:
    """Another star, note or deletion of one generation."""

    record_id: str
    "The generation."
    before: Annotation
    "What was said of it."
    after: Annotation
    "What is said now."

    def apply(self, document: Editable, origin: str) -> None:  # noqa: ARG002 - the log itself tells
        """Say the new."""
        document.replace_annotation(self.record_id, self.after)

    def revert(self, document: Editable, origin: str) -> None:  # noqa: ARG002 - the log itself tells
        """Say the old again."""
        document.replace_annotation(self.record_id, self.before)


def annotation_step(before: Annotation, after: Annotation) -> str:
    """The name of the undo step that leads from one to the other."""
    if before.deleted != after.deleted:
        return "Delete generation" if after.deleted else "Bring back generation"
    if before.starred != after.starred:
        return "Star" if after.starred else "Remove star"
    return "Note"
