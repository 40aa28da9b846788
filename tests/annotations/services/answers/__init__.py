"""Answers in batches: each counts once, and stands by its time."""
