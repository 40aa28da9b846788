"""Tests of inference/templatetags."""
