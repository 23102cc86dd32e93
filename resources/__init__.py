"""Data only: icons, translations, style presets, model catalogue, the starter model."""
