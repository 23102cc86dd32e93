"""Paints ink-wash handscrolls and says in English and Chinese what is in any window of them (numpy, cv2; no torch)."""
