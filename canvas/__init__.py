"""The document: tiles, layers, brushes, selection, undo, generation log, project file. No windows, no AI."""
