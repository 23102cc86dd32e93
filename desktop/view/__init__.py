"""The canvas view: camera, overlays, tools."""
