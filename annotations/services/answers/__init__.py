"""Answers as they arrive: read, checked, and written once."""
