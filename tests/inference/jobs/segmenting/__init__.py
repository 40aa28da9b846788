"""Segmenting images with a model."""
