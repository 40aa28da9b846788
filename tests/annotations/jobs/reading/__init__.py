"""Taking apart the files that were sent."""
