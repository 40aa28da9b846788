"""The demo project: real and simulated microscopy that needs no download."""
