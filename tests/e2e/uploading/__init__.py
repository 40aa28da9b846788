"""Files that are sent in a real browser."""
