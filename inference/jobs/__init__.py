"""What a worker executes for a run: claim it, load arrays, call the pure code, keep files and rows.

Every job may be delivered twice and may be killed at any moment.
"""
