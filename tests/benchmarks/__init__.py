"""Measured figures as JSON lines; not part of the test suite."""
