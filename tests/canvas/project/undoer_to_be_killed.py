"""A process that paints, undoes and redoes at random and says which step led from where to where; it is killed."""

import hashlib
import os
import random
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import GroupLayer, PaintLayer
from canvas.project.project import Project
from canvas.selection import Selection
from tests.canvas.naive import noise
from tests.canvas.test_memory_model import fingerprint

STEPS = 15
"""That the file keeps: fewer than are made, so that old ones go all the time."""


def state(document: Document) -> str:
    """The look of a document, shortened."""
    return hashlib.sha1(repr(fingerprint(document)).encode(), usedforsecurity=False).hexdigest()[:16]


class Undoer:
    """One restless person."""

    def __init__(self, document: Document, dice: random.Random) -> None:
        self.document, self.dice = document, dice
        self.deeds = (self.paint, self.paint, self.replace, self.come_or_go, self.come_or_go, self.mask, self.select)
        self.mood = "paint"
        self.others = (self.shift, self.duplicate, self.begin_and_leave)

    def layer(self) -> PaintLayer | None:
        found = list(self.document.tree.surfaces())
        return self.dice.choice(found) if found else None

    def paint(self) -> None:
        layer = self.layer()
        if layer is not None:
            x, y = self.dice.randrange(-200, 200), self.dice.randrange(-200, 200)
            self.document.put_image(layer, x, y, noise(120, 90, self.dice.randrange(1000)))

    def replace(self) -> None:
        layer = self.layer()
        if layer is not None:
            self.document.set_tiles(layer, {(0, 0): noise(256, 256, self.dice.randrange(1000)), (-1, 0): None})

    def come_or_go(self) -> None:
        layers = list(self.document.tree.walk())
        if len(layers) > 3:
            self.document.remove_layer(self.dice.choice(layers))
            return
        groups = [layer for layer in layers if isinstance(layer, GroupLayer)]
        group = self.dice.choice(groups) if groups else None
        self.document.add_layer(GroupLayer("group") if self.dice.random() < 0.4 else PaintLayer("layer"), group)

    def mask(self) -> None:
        layers = list(self.document.tree.walk())
        if layers:
            layer = self.dice.choice(layers)
            if layer.mask is None:
                self.document.add_mask(layer, Selection.ellipse(Bounds(0, 0, 200, self.dice.randrange(5, 200))))
            else:
                self.document.remove_mask(layer)

    def select(self) -> None:
        self.document.set_selection(Selection.ellipse(Bounds(self.dice.randrange(90), 0, 200, 150)))

    def shift(self) -> None:
        layer = self.layer()
        if layer is not None:
            self.document.shift_layers([layer], self.dice.randrange(-9, 9), 1)

    def duplicate(self) -> None:
        layers = list(self.document.tree.walk())
        if layers and len(layers) < 5:
            self.document.duplicate_layer(self.dice.choice(layers))

    def begin_and_leave(self) -> None:
        mark = self.document.history.mark()
        self.come_or_go()
        self.paint()
        self.document.roll_back(mark)

    def go_on(self) -> None:
        """Several undos in a row, then several redos or strokes: so the file meets steps that it has already."""
        if self.dice.random() < 0.3:
            self.mood = self.dice.choices(("undo", "redo", "paint"), (4, 2, 4))[0]
        if self.mood == "undo":
            self.document.undo()
        elif self.mood == "redo":
            self.document.redo()
        else:
            self.dice.choice(self.deeds if self.dice.random() < 0.7 else self.others)()


def main(path: Path, seed: int) -> None:
    application = QGuiApplication([])
    document = Document.new(Bounds(0, 0, 512, 512))
    project = Project.open(path) if path.exists() else Project.create(path, document)
    document, dice = project.document, random.Random(seed)
    project.kept_steps = STEPS
    undoer, before = Undoer(document, dice), state(document)
    print("from", before, flush=True)
    while application is not None:
        print("begin", flush=True)
        undoer.go_on()
        after = state(document)
        if after != before:
            print("step", before, after, flush=True)
        before = after
        if dice.random() < 0.2:
            project.flush().result()
            print("kept", after, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
