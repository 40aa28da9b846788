"""Damaged files of every format against the readers. `python -m tests.fuzz [FILE …]`."""
