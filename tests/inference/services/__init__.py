"""Tests of inference/services."""
