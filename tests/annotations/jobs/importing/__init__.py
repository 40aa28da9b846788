"""Importing images: pixels, refusals, workers."""
