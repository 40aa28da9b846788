"""Template filters of the results."""
