"""What window and engine say to each other: frozen dataclasses, stdlib and numpy only."""
